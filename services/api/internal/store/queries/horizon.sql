-- Every transaction below the horizon has ended: what it wrote is visible now, and nothing below comes later.
select e.name, pg_snapshot_xmin(pg_current_snapshot())::text from epoch e
