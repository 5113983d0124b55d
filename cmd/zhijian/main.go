// Command zhijian is the whole house in one binary: the platform, its imitation outside world for
// demonstration and tests, and the tools that check service definitions.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// gate is the command line.
type gate struct {
	Demo        demoCmd        `cmd:"" help:"A living city with imitation offices, on loopback. All data is simulated."`
	Serve       serveCmd       `cmd:"" help:"Run the house."`
	Sandbox     sandboxCmd     `cmd:"" help:"Run only the imitation outside world."`
	Service     serviceCmd     `cmd:"" help:"Check, try and begin service definitions."`
	Observatory observatoryCmd `cmd:"" help:"Measure accounts, services and cities: import, compute, verify, export."`
	Draw        drawCmd        `cmd:"" help:"Verify the record of a draw (摇号)."`
	Report      reportCmd      `cmd:"" help:"Write the white paper of an edition as HTML or PDF."`
	Doctor      doctorCmd      `cmd:"" help:"Check a house that is not running: settings, event chain, sums of money, slots."`
	Gallery     galleryCmd     `cmd:"" help:"Show every component of the pages with its examples."`
	Version     versionCmd     `cmd:"" help:"Print version, Go version and modules."`

	Verbose bool `short:"v" help:"Log each request and each delivery."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var g gate
	k := kong.Parse(&g, kong.Name("zhijian"), kong.Description("指尖 Zhijian, an open platform for government services."),
		kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	level := slog.LevelInfo
	if g.Verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	err := k.Run(log)
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	fmt.Fprintln(os.Stderr, "zhijian:", err)
	var own exitError
	if errors.As(err, &own) {
		os.Exit(own.code)
	}
	os.Exit(1)
}
