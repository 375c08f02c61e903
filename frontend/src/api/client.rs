//! The one client of this page, and what its session means to the screens.

use std::time::Duration;

use conexao_client::{BoxFuture, Client, Failure, Guard, Retry, model::Me};
use send_wrapper::SendWrapper;

use crate::{i18n::locale, state::app};

/// People wait less patiently than programs.
const RETRY: Retry = Retry { attempts: 3, pause: Duration::from_millis(200), longest: Duration::from_secs(5) };

thread_local! {
    static CLIENT: Client = Client::builder("").guard(Person).retry(RETRY).build();
}

/// The client, speaking the language in use.
pub fn client() -> Client {
    let client = CLIENT.with(Client::clone);
    client.set_locale(locale());
    client
}

/// The refusal of a server that was not reached, in words.
pub fn out_of_reach() -> Failure {
    Failure::network().worded(locale())
}

/// Whoever sits in front of the page.
struct Person;

impl Guard for Person {
    fn entered(&self, me: Me) {
        app().session.enter(me);
    }

    fn locked(&self) -> BoxFuture<'_, bool> {
        let ask = async {
            let inside = app().session.is_inside();
            if inside {
                // Over the screen, so that nothing typed is lost.
                app().session.sign_in_again().await;
            }
            inside
        };
        // The page has one thread; the tests, which are native, have no page.
        Box::pin(SendWrapper::new(ask))
    }
}
