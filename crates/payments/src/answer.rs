//! What a node's answers mean for a payment. Only what the node itself says counts as an answer: everything that may come from
//! something in between (a gateway's page, a time-out, a half answer) leaves open whether the transaction was taken.

use vcloud_api::ApiError;
use vcloud_api::types::{Transaction, TransactionStatus};

use crate::progress::{Look, Reason, Refusal, Sent};

/// The node's numbers of refused transactions and unreadable requests. Numbers from 300 on are about what it looks up, and those
/// of HTTP are not its own.
const REFUSALS: std::ops::Range<i64> = 1..300;

/// The node's number for a transaction that it does not have.
const NO_TRANSACTION: i64 = 311;

/// What a node says of a transaction that it does not have, where it names no number.
const NOT_THERE: &str = "not in blockchain";

/// What the answer to a broadcast of this id means.
pub fn of_broadcast(id: &str, answer: Result<Transaction, ApiError>) -> Sent {
    let error = match answer {
        Ok(transaction) if transaction.id == id => return Sent::Taken,
        Ok(transaction) => return Sent::Unclear(format!("the node answered with another id: {}", transaction.id)),
        Err(error) => error,
    };
    if !is_of_the_node(&error) || !REFUSALS.contains(&error.code) {
        return Sent::Unclear(error.to_string());
    }
    let words = error.message.to_ascii_lowercase();
    if words.contains("already") || words.contains("duplicate") {
        return Sent::Duplicate;
    }
    Sent::Refused(Refusal {
        reason: reason(&words),
        code: error.code,
        message: error.message,
    })
}

/// What the answer to a look-up of this id means.
pub fn of_look_up(id: &str, answer: Result<Transaction, ApiError>) -> Look {
    match answer {
        Ok(transaction) if transaction.id != id => {
            Look::Unclear(format!("the node answered with another id: {}", transaction.id))
        }
        Ok(transaction) if transaction.is_confirmed() => Look::InChain {
            carried_out: transaction.status == TransactionStatus::Success,
            height: transaction.height.unwrap_or_default(),
        },
        Ok(_) => Look::Waiting,
        Err(error) => {
            let numbered = error.code == NO_TRANSACTION;
            let said = error.status == 404 && error.message.to_ascii_lowercase().contains(NOT_THERE);
            if is_of_the_node(&error) && (numbered || said) {
                Look::Absent
            } else {
                Look::Unclear(error.to_string())
            }
        }
    }
}

/// Whether it was the node that answered: with a status below those of a server in trouble.
fn is_of_the_node(error: &ApiError) -> bool {
    (200..500).contains(&error.status)
}

fn reason(words: &str) -> Reason {
    let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if says(&["timestamp"]) {
        Reason::Time
    } else if says(&["balance", "negative", "not enough", "insufficient funds"]) {
        Reason::Balance
    } else if says(&["fee"]) {
        Reason::Fee
    } else if says(&["signature", "proof", "address", "public key", "recipient"]) {
        Reason::Signature
    } else {
        Reason::Other
    }
}

#[cfg(test)]
mod tests {
    use vcloud_api::calls::{GetTransaction, SendPayment};
    use vcloud_api::{Call as _, ErrorKind, RawAnswer};
    use vsys::{Account, Address, Attachment, Network, Payment, SeedPhrase};

    use super::*;

    fn answered(status: u16, body: &str) -> Result<Transaction, ApiError> {
        let account = Account::derive(&SeedPhrase::new("a").expect("a phrase"), 0, Network::Testnet);
        let to = Address::of(account.public_key(), Network::Testnet);
        let payment = Payment::new(to, 1, Attachment::default(), 1).sign(account.private_key(), &[1; 64]);
        SendPayment(payment).decode(RawAnswer {
            status,
            body: body.as_bytes(),
        })
    }

    fn looked_up(status: u16, body: &str) -> Look {
        let call = GetTransaction { id: "A".to_owned() };
        let answer = call.decode(RawAnswer {
            status,
            body: body.as_bytes(),
        });
        of_look_up("A", answer)
    }

    #[test]
    fn a_node_takes_or_refuses_and_everything_else_is_unclear() {
        let sent = |status, body: &str| of_broadcast("A", answered(status, body));
        assert_eq!(sent(200, r#"{"id":"A","type":2}"#), Sent::Taken);
        let refused = sent(
            400,
            r#"{"error":112,"message":"State check failed. Reason: Insufficient balance"}"#,
        );
        assert!(
            matches!(&refused, Sent::Refused(refusal) if refusal.reason == Reason::Balance && refusal.code == 112),
            "{refused:?}"
        );
        for (message, reason) in [
            ("insufficient fee, 10 is the least", Reason::Fee),
            (
                "the transaction's timestamp is too far from the node's time",
                Reason::Time,
            ),
            ("invalid signature", Reason::Signature),
            ("the fee scale must be 100", Reason::Fee),
            ("no such contract", Reason::Other),
        ] {
            let body = format!(r#"{{"error":112,"message":"{message}"}}"#);
            assert!(
                matches!(sent(400, &body), Sent::Refused(refusal) if refusal.reason == reason),
                "{message}"
            );
        }
        assert_eq!(
            sent(
                400,
                r#"{"error":112,"message":"transaction A is already in the state"}"#
            ),
            Sent::Duplicate
        );
        for (status, body) in [
            (200, r#"{"id":"B"}"#),
            (200, "{}"),
            (200, "<h1>Welcome</h1>"),
            (502, "<h1>Bad Gateway</h1>"),
            (500, r#"{"error":112,"message":"insufficient balance"}"#),
            (403, "<h1>Forbidden</h1>"),
            (404, "not found"),
            (429, r#"{"error":"slow down"}"#),
            (400, r#"{"error":{"code":400,"message":"bad request"}}"#),
            (200, ""),
        ] {
            assert!(
                matches!(sent(status, body), Sent::Unclear(_)),
                "{status} {body}: {:?}",
                sent(status, body)
            );
        }
        for kind in [
            ErrorKind::Network,
            ErrorKind::Interrupted,
            ErrorKind::Timeout,
            ErrorKind::Cors,
            ErrorKind::Aborted,
        ] {
            let lost = of_broadcast("A", Err(ApiError::without_answer(kind, "node")));
            assert!(matches!(lost, Sent::Unclear(_)));
        }
    }

    #[test]
    fn only_the_node_knows_what_is_not_there() {
        assert_eq!(
            looked_up(200, r#"{"id":"A","type":2,"status":"Success","height":7}"#),
            Look::InChain {
                carried_out: true,
                height: 7
            }
        );
        assert_eq!(
            looked_up(200, r#"{"id":"A","type":9,"status":"Failed","height":8}"#),
            Look::InChain {
                carried_out: false,
                height: 8
            }
        );
        assert_eq!(looked_up(200, r#"{"id":"A","type":2}"#), Look::Waiting);
        assert_eq!(
            looked_up(404, r#"{"error":311,"message":"transaction A is not in blockchain"}"#),
            Look::Absent
        );
        assert_eq!(
            looked_up(
                404,
                r#"{"status":"error","message":"Transaction is not in blockchain"}"#
            ),
            Look::Absent
        );
        for (status, body) in [
            (404, "<h1>Not Found</h1>"),
            (404, r#"{"error":"Not Found"}"#),
            (500, r#"{"error":311,"message":"x"}"#),
            (200, r#"{"id":"B","height":7}"#),
            (200, "[]"),
            (503, ""),
        ] {
            assert!(matches!(looked_up(status, body), Look::Unclear(_)), "{status} {body}");
        }
    }
}
