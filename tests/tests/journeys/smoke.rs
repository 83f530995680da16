//! The console starts: files, policy, configuration, first page.

use anyhow::Result;
use browser_tests::{Setup, journey};

#[tokio::test]
async fn the_first_page_starts_without_errors_and_is_accessible() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.goto("/").await?;
        console.accessible().await?;
        console.dark(true).await?;
        console.accessible().await?;
        console.size(390, 800).await?;
        console.accessible().await?;
        console.fits().await
    })
    .await
}

#[tokio::test]
async fn the_page_speaks_the_language_of_the_browser() -> Result<()> {
    journey(
        Setup {
            language: "zh-CN",
            ..Setup::default()
        },
        async |console| {
            console.goto("/").await?;
            console.see(console.t("demo.action")).await?;
            assert_eq!(console.run("return document.documentElement.lang").await?, "zh-CN");
            console.accessible().await
        },
    )
    .await
}

#[tokio::test]
async fn what_is_served_may_be_kept_by_its_name_and_nothing_is_loaded_from_elsewhere() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.goto("/").await?;
        let platform = console.platform().address().to_owned();
        let traffic = console.traffic().await?;
        assert!(
            traffic.iter().any(|exchange| exchange.url.ends_with(".wasm")),
            "{traffic:#?}"
        );
        for exchange in &traffic {
            assert!(
                exchange.url.starts_with(&platform),
                "{} is from elsewhere",
                exchange.url
            );
            assert!(exchange.failure.is_none(), "{exchange:?}");
        }
        Ok(())
    })
    .await
}
