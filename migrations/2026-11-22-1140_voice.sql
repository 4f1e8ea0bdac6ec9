-- depends: 2026-11-22-1031_patience
-- May customers' pages use the browser's own speech recogniser?  Some browsers send the sound to their maker.
alter table installation add column browser_recogniser boolean not null default false;
