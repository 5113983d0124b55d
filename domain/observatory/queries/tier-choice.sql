with recursive best as materialized (from best_division('prefecture', 10)), line as materialized (from running('prefecture')),
last as (select max(i) as i from line),
border as (
  select b.k as of_k, b.k, b.begins, b.j as ends, b.cost as sse from best b join last l on b.j = l.i
  union all
  select o.of_k, o.k - 1, b.begins, o.begins, o.sse from border o join best b on b.k = o.k - 1 and b.j = o.begins where o.k > 1
), member as (
  select o.of_k, o.k as g, p.code, p.accounts::double as v from border o join line l on l.i > o.begins and l.i <= o.ends join prefecture p on p.accounts = l.value
), far as (
  select m.of_k, m.code, m.g, o.g as other, sum(abs(m.v - o.v)) as away, count(*) as n from member m join member o using (of_k) group by m.of_k, m.code, m.g, o.g
), scored as (
  select of_k, code, max(n) filter (other = g) as own, max(away / greatest(n - 1, 1)) filter (other = g) as a, min(away / n) filter (other <> g) as b from far group by of_k, code
), silhouette as (
  select of_k as k, avg(case when own < 2 or b is null or greatest(a, b) = 0 then 0 else (b - a) / greatest(a, b) end) as silhouette from scored group by of_k
), curve as (select distinct of_k as k, sse from border),
ends as (select arg_min(sse, k) as first, arg_max(sse, k) as last, count(*) as n from curve),
bend as (select if(any_value(n) < 3, any_value(n), arg_max(k, (first + (last - first) * (k - 1) / (n - 1) - sse, -k))) as k from curve cross join ends)
select c.k, c.sse, s.silhouette, c.k = (select k from bend) as bend, c.k = 5 as used from curve c join silhouette s using (k) order by c.k
