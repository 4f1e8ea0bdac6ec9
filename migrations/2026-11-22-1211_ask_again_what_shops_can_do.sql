-- depends: 2026-11-22-1210_shop_actions
-- Shops connected before there were actions are asked once more what they can do, beside the next question; what they
-- said (the forms of card keys above all) counts until then.
update shop set capabilities = capabilities || '{"ask_again": true}'
where capabilities is not null and not capabilities ? 'actions';
