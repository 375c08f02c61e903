//! Staying in: tokens that run out, people who come back.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use conexao_client::{BoxFuture, Client, Guard, model::Me};

use crate::support::{EMAIL, Home, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn one_renewal_however_many_wait() {
    let home = Home::start().await;
    let client = home.builder().token("no longer good").credentials(EMAIL, PASSWORD).build();
    let calls = (0..12).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.me().await.map(|me| me.user.email) })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap().unwrap(), EMAIL);
    }
    assert_eq!(home.faults.logins.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_renewed_by_its_cookie_until_it_ends() {
    let home = Home::start().await;
    let client = home.builder().build();
    assert_eq!(client.me().await.unwrap_err().status, 401);
    assert_eq!(client.login(EMAIL, "errada").await.unwrap_err().code, "credentials");
    client.login(EMAIL, PASSWORD).await.unwrap();
    let first = client.token();
    let second = client.renew(first.as_deref()).await.unwrap();
    assert_eq!(client.token(), Some(second));
    client.logout().await.unwrap();
    assert_eq!(client.token(), None);
    assert_eq!(client.refresh().await.unwrap_err().status, 401);
    assert_eq!(home.faults.logins.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_ones_own_is_not_renewed() {
    let home = Home::start().await;
    let client = Client::new(&home.server, "no longer good");
    assert_eq!(client.me().await.unwrap_err().code, "unauthenticated");
    assert_eq!(home.faults.logins.load(Ordering::SeqCst), 0);
}

/// A person who logs in again when asked to.
#[derive(Clone, Default)]
struct Person {
    client: Arc<Mutex<Option<Client>>>,
    entered: Arc<AtomicU32>,
    asked: Arc<AtomicU32>,
}

impl Guard for Person {
    fn entered(&self, _: Me) {
        self.entered.fetch_add(1, Ordering::SeqCst);
    }

    fn locked(&self) -> BoxFuture<'_, bool> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let client = self.client.lock().unwrap().clone().unwrap();
        Box::pin(async move { client.login(EMAIL, PASSWORD).await.is_ok() })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_wait_for_the_person_to_come_back() {
    let home = Home::start().await;
    let person = Person::default();
    let client = home.builder().token("no longer good").guard(person.clone()).build();
    *person.client.lock().unwrap() = Some(client.clone());
    let (one, two) = tokio::join!(client.me(), client.me());
    assert!(one.is_ok() && two.is_ok());
    assert_eq!((person.asked.load(Ordering::SeqCst), person.entered.load(Ordering::SeqCst)), (1, 1));
}
