//! A configuration as written, before anything is checked but its keys.

use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub(super) base: Option<String>,
    pub(super) name: Option<String>,
    pub(super) scope: Option<WrittenScope>,
    pub(super) shapes: Option<WrittenTable>,
    #[serde(default)]
    pub(super) cog: WrittenCog,
    pub(super) town_halls: Option<WrittenTable>,
    pub(super) without_shape: Option<WrittenTable>,
    #[serde(default)]
    pub(super) venues: Vec<WrittenTable>,
    pub(super) social_classes: Option<WrittenTable>,
    pub(super) hubs: Option<WrittenTable>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenScope {
    #[serde(default)]
    pub(super) regions: Vec<String>,
    #[serde(default)]
    pub(super) departements: Vec<String>,
    pub(super) venues_stop_at_edge: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenCog {
    pub(super) communes: Option<WrittenTable>,
    pub(super) epcis: Option<WrittenTable>,
    pub(super) departements: Option<WrittenTable>,
    pub(super) regions: Option<WrittenTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenTable {
    pub(super) path: Option<String>,
    pub(super) url: Option<String>,
    pub(super) name: Option<String>,
    pub(super) vintage: Option<String>,
    pub(super) licence: Option<String>,
    pub(super) sha256: Option<String>,
}
