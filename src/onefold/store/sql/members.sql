-- list_members --
-- The members of a workspace, oldest first.
SELECT member_id, number, name, surname, username, email, language, roles, nodes, created_at,
       updated_at
  FROM members
 WHERE workspace_id = $1
 ORDER BY number;

-- find_member --
-- One member.
SELECT member_id, number, name, surname, username, email, language, roles, nodes, created_at,
       updated_at
  FROM members
 WHERE workspace_id = $1 AND member_id = $2;

-- insert_member --
-- A new member; no row when another one has the e-mail address.
INSERT INTO members (workspace_id, member_id, number, name, surname, username, email, language,
                     roles, nodes, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $11)
ON CONFLICT DO NOTHING
RETURNING member_id;

-- update_member --
-- The member as it is now.
UPDATE members
   SET name = $3, surname = $4, username = $5, language = $6, roles = $7, nodes = $8::jsonb,
       updated_at = $9
 WHERE workspace_id = $1 AND member_id = $2;

-- delete_member --
-- Takes a member away.
DELETE FROM members WHERE workspace_id = $1 AND member_id = $2;
