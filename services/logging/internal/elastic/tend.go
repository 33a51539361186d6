package elastic

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// Tend writes the index templates, so that the indices of the next days have them, and deletes the indices of days that ended longer ago
// than Keep. Every replica may do so.
func (s *Store) Tend(ctx context.Context, now time.Time) error {
	if err := s.putTemplates(ctx); err != nil {
		return fmt.Errorf("write the index templates: %w", err)
	}
	for _, kind := range []string{linesIndex, reportsIndex} {
		if err := s.forget(ctx, kind, now); err != nil {
			return fmt.Errorf("delete old indices: %w", err)
		}
	}
	return nil
}

func (s *Store) forget(ctx context.Context, kind string, now time.Time) error {
	var indices []struct{ Index string }
	if err := s.ask(ctx, esapi.CatIndicesRequest{Index: []string{s.Prefix + kind + "*"}, Format: "json", H: []string{"index"}}, &indices); err != nil {
		if isMissing(err) {
			return nil
		}
		return err
	}
	for _, i := range indices {
		day, err := time.Parse("2006.01.02", strings.TrimPrefix(i.Index, s.Prefix+kind))
		if err != nil || now.Before(day.AddDate(0, 0, 1).Add(s.Keep)) {
			continue // not one of ours, or not old
		}
		if err := s.ask(ctx, esapi.IndicesDeleteRequest{Index: []string{i.Index}}, nil); err != nil && !isMissing(err) {
			return err
		}
	}
	return nil
}
