-- The role under which the site serves on PostgreSQL: on append-only tables it may read and add, and nothing else.
--   psql -v ON_ERROR_STOP=1 -v role=chengnuo_app -f deploy/role.sql DATABASE      as the owner, after each migration
-- The role exists (CREATE ROLE chengnuo_app LOGIN PASSWORD '…'), owns nothing and is no member of the owner's role.
GRANT USAGE ON SCHEMA public TO :"role";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"role";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"role";

-- Which tables are append-only the triggers say, so that no list can be forgotten. Books are turned and never taken away.
SELECT format('REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON %s FROM %I', found.name, :'role')
FROM (
  SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger
  WHERE NOT tgisinternal AND (tgname LIKE '%\_no\_change' OR tgname LIKE '%\_no\_truncate')
) AS found \gexec
REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON ledger_book FROM :"role";
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM :"role";
