//! Room for others on SQLite, where one writer goes at a time and those who
//! wait look again every tenth of a second. Jobs that write without a pause
//! would keep all of them out: people, new tasks, the request to cancel.

use std::{sync::Arc, time::Duration};

use tokio::{sync::RwLock, time::Instant};

/// How long jobs write before they pause.
const WRITING: Duration = Duration::from_millis(800);
/// Longer than anybody waits between two looks.
const PAUSE: Duration = Duration::from_millis(120);

/// Shared by the jobs of a node, so that they pause together.
#[derive(Debug, Clone)]
pub(crate) struct Breath(Arc<RwLock<Instant>>);

impl Default for Breath {
    fn default() -> Self {
        Self(Arc::new(RwLock::new(Instant::now())))
    }
}

impl Breath {
    /// Waits while the jobs pause; begins the pause when it is time.
    pub async fn take(&self) {
        if self.0.read().await.elapsed() < WRITING {
            return;
        }
        let mut last = self.0.write().await;
        if last.elapsed() >= WRITING {
            tokio::time::sleep(PAUSE).await;
            *last = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn jobs_pause_together_and_not_before_they_wrote_a_while() {
        let breath = Breath::default();
        let began = Instant::now();
        breath.take().await;
        assert!(breath.0.try_write().is_ok());
        tokio::time::sleep(WRITING).await;
        let both = (breath.clone(), breath.clone());
        tokio::join!(both.0.take(), both.1.take());
        assert!(began.elapsed() >= WRITING + PAUSE);
        let paused = *breath.0.read().await;
        breath.take().await;
        assert_eq!(paused, *breath.0.read().await, "one pause for both, and none soon after");
    }
}
