package store_test

import (
	"testing"
	"time"

	"fxcore/lambda/postgres/postgrestest"
	"fxcore/services/logging/internal/store"
	"fxcore/services/logging/internal/storetest"
)

func TestPostgres(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Store {
		return store.Store{Pool: postgrestest.Schema(t, store.Migrations), Keep: 72 * time.Hour}
	})
}

func BenchmarkPostgres(b *testing.B) {
	storetest.Rate(b, store.Store{Pool: postgrestest.Schema(b, store.Migrations), Keep: 72 * time.Hour})
}
