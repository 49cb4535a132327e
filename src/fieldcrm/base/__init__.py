"""Tools that know no subject: data, forms, sheets, paper, vault, jobs, errors, words and clocks."""
