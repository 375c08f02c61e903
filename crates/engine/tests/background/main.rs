//! Everything that works in the background, on SQLite files and, when
//! `CONEXAO_TEST_POSTGRES` names a throw-away server, on PostgreSQL too.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

/// Declares each test for both databases.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::home::Home::sqlite().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let Some(home) = crate::home::Home::postgres().await else { return };
                super::$name(home).await;
            })*
        }
    };
}

mod bulk;
mod crash;
mod home;
mod jobs;
mod live;
mod notify;
mod react;
mod schedule;
