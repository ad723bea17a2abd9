"""Where data lives: the home folder, the store, the ledger, the archive and the runs that read and write them."""
