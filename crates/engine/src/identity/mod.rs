//! Log-in, sessions and tokens.
