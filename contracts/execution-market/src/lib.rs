//! Contract execution-market of MESG Market.
