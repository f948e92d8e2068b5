from bot.core.errors import SourceError


def test_a_long_url_is_shortened_in_the_message_and_kept_in_the_error():
    address = f"https://export.arxiv.org/api/query?id_list={'2604.25665%2C' * 100}"
    error = SourceError("the name does not resolve", where=address, fix="check your connection")

    first, fix = str(error).splitlines()
    assert first.startswith("https://export.arxiv.org/api/query?id_list=2604.25665")
    assert first.endswith("…: the name does not resolve")
    assert len(first) < 240
    assert "  fix: check your connection" == fix
    assert address == error.where
