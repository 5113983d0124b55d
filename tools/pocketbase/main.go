// Command pocketbase is PocketBase with its defaults and three collections that come nearest to
// what the house keeps: residents who sign in, their cases, and the services of a city. The
// benchmarks measure the house against it.
package main

import (
	"fmt"
	"os"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func main() {
	app := pocketbase.New()
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := collections(e.App); err != nil {
			return err
		}
		return e.Next()
	})
	if err := app.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "pocketbase:", err)
		os.Exit(1)
	}
}

// collections makes what a new data folder does not have yet. "users" is there by default.
func collections(app core.App) error {
	if _, err := app.FindCollectionByNameOrId("cases"); err == nil {
		return nil
	}
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	users.CreateRule = types.Pointer("")
	if err := app.Save(users); err != nil {
		return err
	}
	services := core.NewBaseCollection("services")
	services.ListRule, services.CreateRule = types.Pointer(""), types.Pointer("")
	services.Fields.Add(
		&core.TextField{Name: "slug", Required: true}, &core.TextField{Name: "city"}, &core.TextField{Name: "name"},
		&core.TextField{Name: "about"}, &core.TextField{Name: "keywords"}, &core.JSONField{Name: "rest"},
	)
	if err := app.Save(services); err != nil {
		return err
	}
	cases := core.NewBaseCollection("cases")
	own := "@request.auth.id != '' && resident = @request.auth.id"
	cases.ListRule, cases.ViewRule, cases.CreateRule = types.Pointer(own), types.Pointer(own), types.Pointer(own)
	cases.Fields.Add(
		&core.TextField{Name: "no", Required: true}, &core.RelationField{Name: "resident", CollectionId: users.Id, MaxSelect: 1, Required: true},
		&core.TextField{Name: "city"}, &core.TextField{Name: "service"}, &core.TextField{Name: "state"}, &core.TextField{Name: "summary"},
		&core.JSONField{Name: "data"}, &core.JSONField{Name: "log"},
		&core.AutodateField{Name: "created", OnCreate: true}, &core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
	cases.AddIndex("cases_no", true, "no", "")
	cases.AddIndex("cases_resident", false, "resident, updated", "")
	return app.Save(cases)
}
