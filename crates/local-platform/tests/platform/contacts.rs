//! E-mail addresses, the mails to them, and notices.

use serde_json::{Value, json};
use vcloud_api::calls::{
    BindAccountEmail, BindServiceEmail, GetAccountContact, GetServiceDetails, ListNotices, RestartPod,
    SendAccountEmailCode, SendServiceEmailCode, UnbindAccountEmail, UnbindServiceEmail,
};
use vcloud_api::types::PageRequest;

use crate::bench::{As, Bench};

/// The code in the latest mail to an address.
async fn code(bench: &Bench, address: &str) -> String {
    let (_, outbox) = bench.get("", "/dev/outbox").await;
    let mails = outbox["list"].as_array().expect("mails");
    let mail = mails.iter().find(|mail| mail["to"] == address).expect("a mail");
    let body = mail["body"].as_str().expect("a text");
    body.split(|character: char| !character.is_ascii_digit())
        .find(|word| word.len() == 6)
        .expect("a code")
        .to_owned()
}

#[tokio::test]
async fn an_account_binds_an_address_with_the_mailed_code() {
    let bench = Bench::start().await;
    let notice = bench.host("notice");
    let owner = As::Owner(&bench.owner);
    let email = "owner@example.com".to_owned();
    assert!(
        bench
            .call(&notice, owner, &GetAccountContact)
            .await
            .expect("nothing yet")
            .email
            .is_empty()
    );
    bench
        .call(&notice, owner, &SendAccountEmailCode { email: email.clone() })
        .await
        .expect("a mail");
    let code = code(&bench, &email).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let refused = bench
        .call(
            &notice,
            owner,
            &BindAccountEmail {
                email: email.clone(),
                code: wrong.into(),
            },
        )
        .await
        .expect_err("a refusal");
    assert_eq!(refused.code, 400);
    bench
        .call(
            &notice,
            owner,
            &BindAccountEmail {
                email: email.clone(),
                code: code.clone(),
            },
        )
        .await
        .expect("a binding");
    let contact = bench.call(&notice, owner, &GetAccountContact).await.expect("a contact");
    assert_eq!(
        (contact.email.as_str(), contact.address),
        (email.as_str(), bench.owner.address().to_string())
    );
    bench
        .call(&notice, owner, &BindAccountEmail { email, code })
        .await
        .expect_err("a code opens once");
    bench
        .call(&notice, owner, &UnbindAccountEmail)
        .await
        .expect("an unbinding");
    assert!(
        bench
            .call(&notice, owner, &GetAccountContact)
            .await
            .expect("nothing left")
            .email
            .is_empty()
    );
    bench
        .call(&notice, owner, &UnbindAccountEmail)
        .await
        .expect_err("nothing to unbind");
}

#[tokio::test]
async fn guessing_a_code_ends_after_a_few_tries() {
    let bench = Bench::start().await;
    let (notice, owner, email) = (
        bench.host("notice"),
        As::Owner(&bench.owner),
        "owner@example.com".to_owned(),
    );
    bench
        .call(&notice, owner, &SendAccountEmailCode { email: email.clone() })
        .await
        .expect("a mail");
    let code = code(&bench, &email).await;
    for _ in 0..5 {
        let wrong = BindAccountEmail {
            email: email.clone(),
            code: "none".into(),
        };
        bench.call(&notice, owner, &wrong).await.expect_err("a refusal");
    }
    let right = bench
        .call(&notice, owner, &BindAccountEmail { email, code })
        .await
        .expect_err("a refusal");
    assert!(right.message.contains("expired"), "{right}");
}

#[tokio::test]
async fn a_services_address_gets_mails_about_the_service() {
    let bench = Bench::start().await;
    let metrics = bench.labelled("metrics").await;
    let who = As::Secret(&metrics.secret);
    let email = "team@example.com".to_owned();
    bench
        .call(&metrics.host, who, &SendServiceEmailCode { email: email.clone() })
        .await
        .expect("a mail");
    let code = code(&bench, &email).await;
    bench
        .call(
            &metrics.host,
            who,
            &BindServiceEmail {
                email: email.clone(),
                code,
            },
        )
        .await
        .expect("a binding");
    let details = bench
        .call(&metrics.host, who, &GetServiceDetails)
        .await
        .expect("details");
    assert_eq!(details.own.email, email);
    bench.call(&metrics.host, who, &RestartPod).await.expect("a restart");
    let (_, outbox) = bench.get("", "/dev/outbox").await;
    assert_eq!(outbox["list"][0]["to"], email);
    assert!(
        outbox["list"][0]["subject"]
            .as_str()
            .expect("a subject")
            .contains(metrics.id())
    );
    bench
        .call(&metrics.host, who, &UnbindServiceEmail)
        .await
        .expect("an unbinding");
    bench
        .call(&metrics.host, who, &UnbindServiceEmail)
        .await
        .expect_err("nothing to unbind");
}

#[tokio::test]
async fn what_is_no_address_gets_no_mail() {
    let bench = Bench::start().await;
    let metrics = bench.labelled("metrics").await;
    for body in [
        json!({ "type": "email", "contact": "nobody" }),
        json!({ "type": "phone", "contact": "a@example.com" }),
        json!({}),
    ] {
        let (status, answer) = bench
            .ask(
                &metrics,
                "POST",
                "/api/v1/contact/userServiceContact/bind/sendCode",
                Some(&body),
            )
            .await;
        assert_eq!(status, 400, "{body}: {answer}");
    }
    let (_, outbox) = bench.get("", "/dev/outbox").await;
    assert_eq!(outbox["list"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn notices_tell_what_happened_newest_first() {
    let bench = Bench::start().await;
    let notice = bench.host("notice");
    let metrics = bench.labelled("metrics").await;
    bench
        .call(&metrics.host, As::Secret(&metrics.secret), &RestartPod)
        .await
        .expect("a restart");
    let all = ListNotices {
        page: PageRequest::new(1, 5),
        service_id: String::new(),
    };
    let all = bench
        .call(&notice, As::Address(&bench.owner), &all)
        .await
        .expect("notices");
    assert_eq!(all.list.len(), 5);
    assert!(all.pagination.total > 20);
    assert_eq!(
        (all.list[0].service_id.as_str(), all.list[0].notice_type.as_str()),
        (metrics.id(), "ServiceRestarted")
    );
    let about_one = ListNotices {
        page: PageRequest::new(1, 100),
        service_id: metrics.id().to_owned(),
    };
    let about_one = bench
        .call(&notice, As::Address(&bench.owner), &about_one)
        .await
        .expect("notices");
    assert_eq!(about_one.list.len(), 3, "activated, deployed, restarted");
}

#[tokio::test]
async fn the_outbox_is_a_page_for_people() {
    let bench = Bench::start().await;
    let response = bench
        .http
        .get(bench.url("", "/dev/outbox"))
        .header("accept", "text/html")
        .send()
        .await
        .expect("an answer");
    assert!(
        response.headers()["content-type"]
            .to_str()
            .expect("text")
            .starts_with("text/html")
    );
    assert!(response.text().await.expect("a page").contains("No mail"));
}
