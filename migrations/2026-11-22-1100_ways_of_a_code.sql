-- depends: 2026-11-22-1031_patience
-- How a code came, and from which place: what was typed and what was tapped is told apart by `how` as well.
alter table redemption
    add column medium text not null default 'typed'
        check (medium in ('typed', 'button', 'scene', 'link', 'qr', 'voice', 'suggestion', 'offer')),
    add column scene text not null default '';
update redemption set medium = 'button' where how = 'button';
