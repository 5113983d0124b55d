package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"zhijian/ui/asset"
	"zhijian/ui/gallery"
)

type galleryCmd struct {
	Addr string `default:"127.0.0.1:8081" help:"Where to listen, on loopback."`
}

// Run serves the gallery until it is told to stop.
func (c galleryCmd) Run(ctx context.Context) error {
	assets, err := asset.New()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", http.RedirectHandler(gallery.Path, http.StatusSeeOther))
	mux.Handle(gallery.Path, gallery.Handler(assets))
	mux.Handle(asset.Prefix, assets.Handler())
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return err
	}
	fmt.Printf("http://%s%s\n", l.Addr(), gallery.Path)
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
