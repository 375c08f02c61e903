//! Who may do what beyond their own roles: teams, substitutes for absences,
//! steps that want other eyes; and what roles would mean before they are saved.

mod absence;
mod four_eyes;
mod notice;
mod own;
mod roles;
mod seen_by;
mod simulate;
mod standing;
mod team;

pub(crate) use absence::within as absence_within;
pub(crate) use four_eyes::{had_a_part, other_eyes, want_other_eyes};
pub(crate) use notice::Substitutions;
pub use own::{absences, colleagues, end_absence, name_substitute};
pub use roles::table as role_table;
pub use seen_by::seen_by;
pub use simulate::{Draft, simulate};
pub(crate) use standing::{also_told, standing};
pub(crate) use team::{team_for, within as team_within};

use conexao_domain::kernel::problem::Problem;
use conexao_storage::Tx;
use sea_orm::{ConnectionTrait, sea_query::SelectStatement};
use uuid::Uuid;

use crate::refusal::Refused;

/// The ids a select gives in its first column.
async fn ids(tx: &Tx, select: &SelectStatement) -> Result<Vec<Uuid>, Problem> {
    let rows = tx.query_all(select).await.refused()?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>().refused()
}
