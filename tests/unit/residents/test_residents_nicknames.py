from wardkeeper.residents.nicknames import FORMS, first_names, related_pairs


def test_nicknames_are_upper_case_and_unlike_their_names():
    for name, forms in FORMS.items():
        assert name.isupper()
        assert forms == forms.upper()
        assert name not in forms.split()
        assert len(set(forms.split())) == len(forms.split())


def test_forms_of_one_name_are_related_both_ways():
    related = set(related_pairs())
    assert ("BILL", "WILLIAM") in related
    assert ("WILLIAM", "BILL") in related
    assert ("BILL", "BILLY") in related
    assert ("BILL", "PETER") not in related
    assert first_names()["BILL"] == "WILLIAM"
