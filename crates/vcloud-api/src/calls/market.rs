//! The market: providers, categories, service types, currencies. Nothing here is authorised.

use crate::call::{AuthKind, BuildError, Call, Draft};
use crate::error::{self, ApiError, RawAnswer, Reading};
use crate::types::{Category, ClientVersion, Currencies, Page, PageRequest, Provider, ServiceType};

/// Service types, all or some.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListServiceTypes {
    /// Which page.
    pub page: PageRequest,
    /// Name of a provider; all where empty.
    pub provider: String,
    /// Name of a category; all where empty.
    pub category: String,
}

impl Call for ListServiceTypes {
    type Answer = Page<ServiceType>;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::get("/api/v1/service/type")
            .query_unless_empty("provider", &self.provider)
            .query_unless_empty("category", &self.category)
            .page(self.page))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::page(answer, self.page, |sold: &ServiceType| &sold.id)
    }
}

/// One service type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetServiceType {
    /// Its id.
    pub id: String,
}

impl Call for GetServiceType {
    type Answer = ServiceType;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::get("/api/v1/service/type").segment(&self.id)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::identified(answer, |service: &ServiceType| &service.id, "id")
    }
}

/// Categories, all or a provider's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListCategories {
    /// Which page.
    pub page: PageRequest,
    /// Name of a provider; all where empty.
    pub provider: String,
}

impl Call for ListCategories {
    type Answer = Page<Category>;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::get("/api/v1/service/category")
            .query_unless_empty("provider", &self.provider)
            .page(self.page))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        error::read(answer, Reading::default()).map(|page| self.page.no_more(page))
    }
}

/// One category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetCategory {
    /// Its id.
    pub id: String,
}

impl Call for GetCategory {
    type Answer = Category;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::get("/api/v1/service/category").segment(&self.id)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::identified(answer, |category: &Category| &category.category_id, "categoryID")
    }
}

/// Providers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListProviders {
    /// Which page.
    pub page: PageRequest,
}

impl Call for ListProviders {
    type Answer = Page<Provider>;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::get("/api/v1/service/provider").page(self.page))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        error::read(answer, Reading::default()).map(|page| self.page.no_more(page))
    }
}

/// One provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetProvider {
    /// Its name.
    pub name: String,
}

impl Call for GetProvider {
    type Answer = Provider;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::get("/api/v1/service/provider").segment(&self.name)
    }

    /// Without its host a provider is of no use, so that field must be there.
    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::identified(answer, |provider: &Provider| &provider.api_host, "apiHost")
    }
}

/// What orders can be paid in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListCurrencies;

impl Call for ListCurrencies {
    type Answer = Currencies;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::get("/api/v1/currency"))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        error::read(answer, Reading::default())
    }
}

/// The newest terminal client. Not every platform has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GetClientVersion;

impl Call for GetClientVersion {
    type Answer = ClientVersion;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::get("/api/v1/cli/version/latest"))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        error::read(answer, Reading::default())
    }
}
