//! Declares each test for SQLite and, where there is one, for PostgreSQL.

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
