-- answer --
-- Proof that the server takes statements.
SELECT 1;
