-- depends: 2026-11-22-1210_shop_actions

-- An order is also proved by the password its buyer gave for looking it up; then all of that order may be told.
alter table proof drop constraint proof_method_check, drop constraint proof_check;
alter table proof
    add constraint proof_method_check check (method in ('last_four', 'look_up_password', 'one_time_code')),
    add constraint proof_check check ((method in ('last_four', 'look_up_password')) = (order_number is not null));
alter table proof_attempt drop constraint proof_attempt_what_check;
alter table proof_attempt
    add constraint proof_attempt_what_check
        check (what in ('last_four', 'look_up_password', 'send_code', 'verify_code'));
