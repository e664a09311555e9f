from cli.docs.markdown import page, table


def test_a_pipe_in_a_cell_does_not_end_it() -> None:
    assert table(("a",), [("x|y",)]).splitlines()[-1] == "| x\\|y |"


def test_a_line_break_in_a_cell_does_not_end_the_row() -> None:
    assert table(("a",), [("x\ny",)]).splitlines()[-1] == "| x y |"


def test_a_page_says_what_to_edit_instead_and_leaves_out_what_is_empty() -> None:
    text = page("Title", "", "Body", source="the source")

    assert text.splitlines()[0] == "<!-- Written by 'make generate' from the source. Edit that instead. -->"
    assert text.endswith("# Title\n\nBody\n")
