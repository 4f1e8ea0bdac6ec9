"""青柠数卡: a small real shop, so that the product is tried on real pages and real data.

Its own process, port and SQLite file; it imports nothing of Mashang.  What it knows
of customer service is what any shop knows: the embed snippet, a key to sign its
customers' tokens, and the connector contract (docs/integrating).

    python -m demo.shop --port 8701 --home DIR --product-url http://127.0.0.1:8700 --config FILE

The configuration is a JSON file, written by `mashang up`:

    product_url           where Mashang is, as browsers see it
    shop_url              where this shop is, as browsers see it
    event_url             where signed events go: {product}/api/v1/shop-events
    site                  the site's public id, for the snippet; the tokens' audience
    token_kid             names the key that signs customers' tokens
    token_secret          that key
    connector_key_id      names the key of signed requests, both ways
    connector_secret      that key
    gateway               keys of the pretended Alipay: app_id, private_key, merchant_key
    passwords             {"xiaolin": "…", "azhen": "…"}: the demo customers' passwords

Does not: take money.  Every payment is pretended, and every page says so.
"""
