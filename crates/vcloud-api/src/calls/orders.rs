//! Orders at the platform.

use crate::call::{AuthKind, BuildError, Call, Draft};
use crate::error::{self, ApiError, RawAnswer};
use crate::types::{
    Acknowledged, NewOrder, Order, OrderReceipt, OrderStatus, Page, PageRequest, RefundRequest, RenewOrder,
};

/// Orders new services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddOrder(pub NewOrder);

impl Call for AddOrder {
    type Answer = OrderReceipt;
    const AUTH: AuthKind = AuthKind::Signed;

    fn draft(&self) -> Result<Draft, BuildError> {
        if self.0.user_services.is_empty() {
            return Err(BuildError::Nothing);
        }
        Draft::post("/api/v1/order/add").json(&self.0)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        receipt(answer)
    }
}

/// Renews services, all of one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenewServices(pub RenewOrder);

impl Call for RenewServices {
    type Answer = OrderReceipt;
    const AUTH: AuthKind = AuthKind::Signed;

    fn draft(&self) -> Result<Draft, BuildError> {
        if self.0.user_services.is_empty() {
            return Err(BuildError::Nothing);
        }
        Draft::post("/api/v1/order/renew").json(&self.0)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        receipt(answer)
    }
}

/// A receipt is paid without further questions: it must name the order and whom to pay.
fn receipt(answer: RawAnswer<'_>) -> Result<OrderReceipt, ApiError> {
    let receipt = super::identified(answer, |receipt: &OrderReceipt| &receipt.id, "id")?;
    if receipt.recipient.is_empty() {
        return Err(error::malformed(answer.status, "recipient: missing"));
    }
    Ok(receipt)
}

/// Ends services and asks for the unused part back, all of one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundServices(pub RefundRequest);

impl Call for RefundServices {
    type Answer = Acknowledged;
    const AUTH: AuthKind = AuthKind::Signed;

    fn draft(&self) -> Result<Draft, BuildError> {
        if self.0.user_service_ids.is_empty() {
            return Err(BuildError::Nothing);
        }
        Draft::post("/api/v1/order/refund").json(&self.0)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::acknowledged(answer)
    }
}

/// An account's orders with one status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListOrders {
    /// The account's address.
    pub address: String,
    /// Which page.
    pub page: PageRequest,
    /// Which status.
    pub status: OrderStatus,
}

impl Call for ListOrders {
    type Answer = Page<Order>;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        let draft = Draft::get("/api/v1/order")
            .query("address", &self.address)
            .page(self.page)
            .query("statuses", self.status.as_str());
        Ok(if self.status.is_activated() {
            draft.query("serviceActivated", "true")
        } else {
            draft
        })
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::page(answer, self.page, |order: &Order| &order.id)
    }
}

/// One order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetOrder {
    /// Its id.
    pub id: String,
}

impl Call for GetOrder {
    type Answer = Order;
    const AUTH: AuthKind = AuthKind::Signed;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::get("/api/v1/order/id").segment(&self.id)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::identified(answer, |order: &Order| &order.id, "id")
    }
}
