"""A small pack that is right, and what is said about one that is not."""

import pytest

from cpd.schemes.problems import PackRefused
from cpd.schemes.reading import read_pack

SMALL = """\
organisation:
  code: small
  name: Small Council
version: 1
source:
  title: A report
  body: A committee
  published: 2019-03
  cites: [G-1]
assumptions:
  - {id: AMB-21, sentence: Nothing is said about booking.}
venues:
  - code: hall
    name: Town Hall
    address: 1 Example Street
    invented: [address]
    rooms:
      - {code: blue, name: Blue Room}
      - {code: red, name: Red Room}
  - code: annexe
    name: The Annexe
modules:
  - code: A1
    title: First
    module_format: taught
    length_minutes: 90
    default_venue: hall
    cites: [G-1, AMB-21]
  - code: A2
    number_label: Module 2
    covers: The second part
    module_format: taught
    booking_mode: drop_in
    prerequisites:
      completed: A1
  - code: A3
    title: Third
    module_format: taught
    prerequisites:
      all_of:
        - completed: A1
        - completed: {module: A2, since: 2019-01-01}
equivalences:
  - module: A1
    other: A3
    valid_from: 2018-11-01
    valid_to: 2018-12-31
programmes:
  - code: both
    title: Both
    elements:
      - {module: A1, is_mandatory: true}
      - {module: A2, is_mandatory: false}
"""


@pytest.fixture
def small():
    """Give the text of the small pack, to be made wrong."""
    return SMALL


@pytest.fixture
def refusal():
    """Give the lines of the refusal of what is handed in, which must be refused."""

    def lines_about(content, name="small.yaml"):
        with pytest.raises(PackRefused) as refused:
            read_pack(content, name)
        return str(refused.value).splitlines()

    return lines_about
