package cassandra

import (
	"context"
	_ "embed" // the schema
	"regexp"
	"strings"

	"github.com/gocql/gocql"
)

//go:embed schema/journal.cql
var journalSchema string

//go:embed schema/jaeger.cql
var jaegerSchema string

var (
	remark  = regexp.MustCompile(`(?m)^--.*$`)
	created = regexp.MustCompile(`CREATE (TABLE|TYPE) IF NOT EXISTS (\w+)`)
)

// migrate makes the tables and types that are missing. Statements only add, so replicas may do this side by side.
func migrate(ctx context.Context, session *gocql.Session, keyspace string) error {
	there, err := existing(ctx, session, keyspace)
	if err != nil {
		return err
	}
	for statement := range strings.SplitSeq(remark.ReplaceAllString(journalSchema+jaegerSchema, ""), ";") {
		name := created.FindStringSubmatch(statement)
		if name == nil || there[name[2]] {
			continue
		}
		if err := session.Query(statement).WithContext(ctx).Exec(); err != nil {
			return failed("make "+name[2], err)
		}
	}
	return failed("agree on the schema", session.AwaitSchemaAgreement(ctx))
}

func existing(ctx context.Context, session *gocql.Session, keyspace string) (map[string]bool, error) {
	there := map[string]bool{}
	for _, query := range []string{
		"SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?", "SELECT type_name FROM system_schema.types WHERE keyspace_name = ?",
	} {
		var name string
		iter := session.Query(query, keyspace).WithContext(ctx).Consistency(gocql.LocalOne).Iter()
		for iter.Scan(&name) {
			there[name] = true
		}
		if err := iter.Close(); err != nil {
			return nil, failed("list the tables", err)
		}
	}
	return there, nil
}
