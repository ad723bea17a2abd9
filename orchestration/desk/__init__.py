"""At the desk, in the browser: the same operations as the commands, on small pages behind the guard.

A page fetches what it shows and calls what the command calls; what may be done is decided there, what may be seen in
`shared.py`. The name that goes into the ledger is the account's. Where two people are needed, the second logs in
himself. `section.py` lists the pages.
"""
