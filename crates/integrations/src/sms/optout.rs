//! What people answer when they want no more messages, or want them again.

/// What an answer asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// No more messages.
    Stop,
    /// Messages again.
    Start,
    /// To know who writes.
    Help,
}

/// The wish in an answer that says nothing else.
pub fn wish(text: &str) -> Option<Wish> {
    let word = text.trim().trim_end_matches(['.', '!']).to_lowercase();
    Some(match word.as_str() {
        "stop" | "stopall" | "unsubscribe" | "cancel" | "end" | "quit" | "optout" | "revoke" | "parar" | "pare"
        | "sair" | "cancelar" | "remover" | "descadastrar" => Wish::Stop,
        "start" | "unstop" | "voltar" | "retornar" => Wish::Start,
        "help" | "info" | "ajuda" => Wish::Help,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_answers_count() {
        assert_eq!(wish(" PARAR! "), Some(Wish::Stop));
        assert_eq!(wish("Stop"), Some(Wish::Stop));
        assert_eq!(wish("voltar"), Some(Wish::Start));
        assert_eq!(wish("ajuda"), Some(Wish::Help));
        assert_eq!(wish("não quero parar de receber"), None);
        assert_eq!(wish("sim"), None);
    }
}
