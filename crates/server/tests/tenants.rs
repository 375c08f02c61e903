//! `conexao tenant` and `conexao operator` as whoever holds the machine uses them.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    path::Path,
    process::{Command, Output},
};

fn conexao(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_conexao"))
        .current_dir(folder)
        .env_remove("DATABASE_URL")
        .env("CONEXAO_NEW_PASSWORD", "uma-senha-comprida-2026")
        .args(words)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn companies_are_made_suspended_and_reinstated_from_the_machine() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| conexao(folder.path(), words);
    let warned = String::from_utf8(run(&["migrate"]).stdout).unwrap();
    assert!(!warned.contains("FIX"), "{warned}");
    let doctor = String::from_utf8(run(&["doctor"]).stdout).unwrap();
    assert!(doctor.contains("ok   No operator: fine for one company."), "{doctor}");
    said(&run(&["operator", "add", "--name", "Otília", "--email", "otilia@operador.test"]));
    let doctor = String::from_utf8(run(&["doctor"]).stdout).unwrap();
    assert!(doctor.contains("The installation has an operator."), "{doctor}");
    let made = said(&run(&["tenant", "create", "--name", "Polar Serviços", "--email", "iara@polar.test"]));
    assert!(made.starts_with("polar-servicos  Polar Serviços  production  active"), "{made}");
    // What is sealed needs its keys.
    let told = || String::from_utf8(run(&["doctor"]).stdout).unwrap();
    let key = folder.path().join("data/vault.key");
    assert!(told().contains("ok   The keys of the vault are in"), "{}", told());
    let right = std::fs::read(&key).unwrap();
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    assert!(told().contains("FIX  Others can read the keys of the vault"), "{}", told());
    std::fs::remove_file(&key).unwrap();
    assert!(told().contains("FIX  The keys of the vault are gone"), "{}", told());
    assert!(!key.exists(), "nothing is made in its place");
    std::fs::write(&key, &right).unwrap();
    assert!(said(&run(&["tenant", "suspend", "polar-servicos", "--reason", "Fatura"])).contains("suspended"));
    assert!(!run(&["tenant", "suspend", "polar-servicos", "--reason", "Fatura"]).status.success());
    assert!(!run(&["tenant", "suspend", "nada", "--reason", "x"]).status.success());
    assert!(said(&run(&["tenant", "plan", "polar-servicos", "enterprise"])).contains("  enterprise  "));
    assert!(!run(&["tenant", "plan", "polar-servicos", "ouro"]).status.success());
    assert!(said(&run(&["tenant", "reinstate", "polar-servicos"])).contains("active"));
    let list = said(&run(&["tenant", "list"]));
    assert_eq!(list.lines().count(), 2, "{list}");
}
