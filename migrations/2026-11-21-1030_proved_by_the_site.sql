-- depends: 2026-11-21-0930_customers
-- A site may sign its customers in before (or without ever) being connected to a shop's system: then the account is
-- the site's own.
alter table customer drop constraint customer_check;
alter table customer add constraint customer_proved check (subject is not null or shop_id is null);
create unique index customer_account_of_site on customer (site_id, subject)
    where shop_id is null and subject is not null;
