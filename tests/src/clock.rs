//! Time that passes at once.

use anyhow::Result;

use crate::console::Console;

impl Console {
    /// Sets the page's time ahead by so many seconds, as if they had passed: on the device, and for the host as well, as the console
    /// compares both and takes the device's clock for wrong where they differ.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn set_ahead(&self, seconds: u32) -> Result<()> {
        let script = "if (window.passed === undefined) {
                const [now, get] = [Date.now.bind(Date), Headers.prototype.get];
                Date.now = () => now() + window.passed;
                Headers.prototype.get = function (name) {
                    const value = get.call(this, name);
                    const isDate = value && name.toLowerCase() === 'date';
                    return isDate ? new Date(Date.parse(value) + window.passed).toUTCString() : value;
                };
            }
            window.passed = arguments[0] * 1000;";
        self.driver.execute(script, vec![seconds.into()]).await?;
        Ok(())
    }
}
