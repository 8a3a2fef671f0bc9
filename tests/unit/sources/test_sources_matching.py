import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.matching import find_source
from wardkeeper.sources.terms import FileForm, Format


class Terms:
    """The one thing of a contract that matters here."""

    def __init__(self, watch=""):
        self.file = FileForm(Format.CSV, (), watch=watch)


CONTRACTS = {"bins": Terms(), "tax": Terms("ctax_*.csv"), "also-tax": Terms("*_2026.csv"), "tax-zip": Terms("*.zip")}

FOUND = {
    "by its folder": ("bins", "whatever.csv", "bins"),
    "by its folder, whatever its name would say": ("bins", "ctax_1.csv", "bins"),
    "by its name's pattern": ("", "CTAX_november.CSV", "tax"),
    "by what it is called": ("", "bins.csv", "bins"),
    "by what it is called, before the first dot": ("", "bins.2026-11.csv", "bins"),
    "by a pattern before what it is called": ("", "bins.zip", "tax-zip"),
}


@pytest.mark.parametrize(("folder", "name", "source"), FOUND.values(), ids=FOUND)
def test_whose_file_it_is(folder, name, source):
    assert find_source(folder, name, CONTRACTS) == source


NOBODYS = {
    "an unknown folder": ("fruit", "bins.csv", "The folder fruit is named as no source."),
    "an unknown name": ("", "fruit.csv", "No source watches for a file of this name."),
    "two patterns": ("", "ctax_2026.csv", "The sources also-tax and tax all watch for a file of this name."),
}


@pytest.mark.parametrize(("folder", "name", "message"), NOBODYS.values(), ids=NOBODYS)
def test_whose_it_is_not(folder, name, message):
    with pytest.raises(BadInput) as caught:
        find_source(folder, name, CONTRACTS)
    assert caught.value.message == message
    assert "folder named as" in caught.value.next
