//! What an order comes to in a currency, and the command that pays it. Pure, so that it is tested without a browser.

use vcloud_api::Decimal;
use vcloud_api::price::PriceError;
use vcloud_api::types::Currency;
use vsys::Network;

/// An amount of a currency, in its smallest units and as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Smallest units, rounded up to a whole one.
    pub units: u64,
    /// The same in coins.
    pub coins: Decimal,
}

/// What is due in a currency.
pub fn due(currency: &Currency, usd: Decimal) -> Result<Due, PriceError> {
    let units = currency.units_for(usd)?;
    Ok(Due {
        units,
        coins: currency.coins(units)?,
    })
}

/// The command of the official client that pays an order in the currency at this place of the platform's list, from the
/// account at this place of the wallet, both counted from 0.
pub fn command(network: Network, account: u32, order: &str, coins: Decimal, currency: usize) -> String {
    let mut command = "vcloud".to_owned();
    if network == Network::Testnet {
        command.push_str(" --testnet");
    }
    if account > 0 {
        // The client counts accounts from 1 and uses the first where none is named.
        command.push_str(&format!(" --address-index {}", account + 1));
    }
    command.push_str(&format!(
        " order pay {order} --amount {coins} --currency-index {currency}"
    ));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_is_rounded_up_to_a_unit() {
        let coin: Currency = serde_json::from_str(r#"{"unit":100000000,"exchangeRate":1250.5}"#).expect("a currency");
        let due = due(&coin, Decimal::new(588, 4)).expect("an amount");
        assert_eq!(
            (due.units, due.coins.to_string()),
            (7_352_940_000, "73.5294".to_owned())
        );
        let tiny = super::due(&coin, Decimal::new(1, 15)).expect("an amount");
        assert_eq!((tiny.units, tiny.coins.to_string()), (1, "0.00000001".to_owned()));
        assert_eq!(super::due(&Currency::default(), Decimal::ONE), Err(PriceError::NoRate));
    }

    #[test]
    fn the_command_names_account_and_network_where_they_are_not_the_usual_ones() {
        let coins = Decimal::new(735_294, 4);
        assert_eq!(
            command(Network::Mainnet, 0, "63a0", coins, 0),
            "vcloud order pay 63a0 --amount 73.5294 --currency-index 0"
        );
        assert_eq!(
            command(Network::Testnet, 1, "63a0", coins, 2),
            "vcloud --testnet --address-index 2 order pay 63a0 --amount 73.5294 --currency-index 2"
        );
    }
}
