"""What is cut out of a waiting file, and that nothing else is."""

import csv
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from onefold.model.uploads import without_records

HER = "ada@shop.example"
CELLS = st.text(alphabet='ab",\n é', max_size=8)


class TestWithoutRecords:
    def test_says_so_when_there_is_nothing_to_cut(self) -> None:
        assert without_records(b"1,bob@shop.example\n", [HER]) is None

    def test_blanks_the_record_and_keeps_the_places(self) -> None:
        piece = b"1,bob\n2,Ada@Shop.Example\r\n3,cleo"

        assert without_records(piece, [HER]) == b"1,bob\n\0" + b" " * 18 + b"\n3,cleo"

    def test_blanks_every_line_of_a_record(self) -> None:
        piece = b'1,"a\nb"\n2,"a\n""ada@shop.example""\nb"\n3,c\n'

        found = without_records(piece, [HER])

        assert found == b'1,"a\nb"\n\0' + b" " * 27 + b"\n3,c\n"

    def test_does_not_take_a_quote_that_never_closes_for_one_record(self) -> None:
        piece = b'1,"a\n' + b"2,b\n" * 1500 + b"ada@shop.example\n" + b"3,c\n" * 1500

        found = without_records(piece, [HER]) or b""

        assert len(found) == len(piece)
        assert found.count(b"\0") == 1
        assert HER.encode() not in found

    @given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=12))
    def test_leaves_all_other_rows_as_they_were(self, rows: list[list[str]]) -> None:
        text = StringIO()
        writer = csv.writer(text)
        for row in rows:
            writer.writerows([[*row, "x"], [*row, HER]])

        found = without_records(text.getvalue().encode(), [HER])

        left = [row for row in csv.reader(StringIO((found or b"").decode())) if "\0" not in row[0]]
        assert left == [[*row, "x"] for row in rows]
        assert found is None or len(found) == len(text.getvalue().encode())
