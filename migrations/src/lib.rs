//! conexao-migrations
