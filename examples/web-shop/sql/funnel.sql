-- How many visits of the last day got how far: seen a page, a product, filled the cart, ordered.
WITH steps AS (
  SELECT visit, 1 AS step FROM page_view WHERE leat_time > CURRENT_TIMESTAMP - INTERVAL '1' DAY
  UNION ALL
  SELECT visit, 2 FROM product_view WHERE leat_time > CURRENT_TIMESTAMP - INTERVAL '1' DAY
  UNION ALL
  SELECT visit, 3 FROM cart_change
    WHERE leat_time > CURRENT_TIMESTAMP - INTERVAL '1' DAY AND action = 'add'
  UNION ALL
  SELECT visit, 4 FROM order_placed WHERE leat_time > CURRENT_TIMESTAMP - INTERVAL '1' DAY
),
furthest AS (SELECT visit, MAX(step) AS step FROM steps GROUP BY visit)
SELECT
  COUNT(*) AS visits,
  COUNT(CASE WHEN step >= 2 THEN 1 END) AS saw_a_product,
  COUNT(CASE WHEN step >= 3 THEN 1 END) AS filled_the_cart,
  COUNT(CASE WHEN step >= 4 THEN 1 END) AS ordered
FROM furthest
