package server_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"zhijian/domain/service"
	"zhijian/server"
	"zhijian/testkit"
)

// A rehearsal gives back what it was given, and takes no database that holds cases.
func TestRehearsal(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "cases.db"), "postgres": testkit.PostgresURL(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := server.OpenRehearsal(t.Context(), database, testkit.Log(t))
			if err != nil {
				t.Fatal(err)
			}
			first, second := r.Case(t.Context()), r.Case(t.Context())
			for _, s := range []service.State{{Step: "plate"}, {Step: "check", Trail: []string{"plate"}, Answers: map[string]any{"plate": "浙A12345"}}} {
				if got, err := first(s); err != nil || !reflect.DeepEqual(got, s) {
					t.Errorf("kept %+v, read back %+v, %v", s, got, err)
				}
			}
			if got, err := second(service.State{Step: "other"}); err != nil || got.Step != "other" {
				t.Errorf("a second case reads back %+v, %v", got, err)
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := server.OpenRehearsal(t.Context(), database, testkit.Log(t)); err == nil || !strings.Contains(err.Error(), "holds cases already") {
				t.Errorf("a database with cases is taken: %v", err)
			}
		})
	}
}
