//! Values as people read and write them, in the language in use.

mod date;
mod number;
mod read;
mod value;

pub use date::{
    Due, ago, clock, date, date_long, date_short, day_name, day_of_month, deadline, instant, local, moment, now, today,
    today_long,
};
pub use number::{bytes, integer, money, money_short, percent, quantity, rate};
pub use read::{read, written};
pub use value::{initials, value};
