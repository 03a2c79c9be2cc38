package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/yardmaster/yardmaster/cmd/yardmaster/internal/api"
	"github.com/yardmaster/yardmaster/engine"
	"github.com/yardmaster/yardmaster/engine/config"
	"github.com/yardmaster/yardmaster/engine/core"
)

// Bounds on what a client may cost the daemon.
const (
	headerBytesMax = 64 << 10
	headerPatience = 5 * time.Second
	readPatience   = 30 * time.Second
	writePatience  = 90 * time.Second // a long poll lasts up to a minute
	idlePatience   = 2 * time.Minute
	stopPatience   = 15 * time.Second // for requests under way when the daemon is told to stop
)

// serveFlags are what serve is called with.
type serveFlags struct {
	listen, data, config string
	memory, asJSON       bool
}

// newServe runs a desk over HTTP.
func newServe(c *console) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run a desk over HTTP",
		Long: `Run a desk over HTTP until interrupted, keeping it in a data directory. A change is
answered once it is durable. Without --config a new directory gets the starter
desk, and one that holds a desk keeps its configuration; with it, the desk takes
the file's configuration when it differs.

The API describes itself at /openapi.json. It has no authentication: let it listen
where only trusted programs reach it.`,
		Example: `  yardmaster serve
  yardmaster serve --config desk.yaml --data /var/lib/yardmaster --listen 127.0.0.1:9000
  curl -s localhost:8080/v1/tickets -d '{"subject":"I want a refund","requester":"ada"}'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return c.serve(cmd.Context(), f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8080", "the address to listen on; port 0 takes a free one")
	flags.StringVar(&f.data, "data", "./yardmaster-data", "the data directory; made when there is none")
	flags.StringVar(&f.config, "config", "", "the desk.yaml to run (default: what the directory holds, else the starter desk)")
	flags.BoolVar(&f.memory, "memory", false, "keep everything in memory, and nothing afterwards")
	flags.BoolVar(&f.asJSON, "json", false, "log as lines of JSON")
	return cmd
}

func (c *console) serve(ctx context.Context, f serveFlags) (err error) {
	log := c.logger(f.asJSON)
	var given *core.Config
	if f.config != "" {
		if given, err = c.readDesk(f.config); err != nil {
			return err
		}
	}
	dir := f.data
	if f.memory {
		dir = ""
	}
	store, err := openStore(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	eng, err := engine.Open(ctx, store, engine.Options{Observer: observer(log)})
	if err != nil {
		return unreachable(err)
	}
	defer func() { err = errors.Join(err, eng.Close(context.WithoutCancel(ctx))) }()
	desk, err := eng.Desk(ctx, engine.DefaultDesk)
	if err != nil {
		return unreachable(err)
	}
	if err := configure(ctx, desk, given); err != nil {
		return err
	}
	return c.listen(ctx, f.listen, api.New(eng, desk, api.Options{Version: newBuild().Version, Log: log}), log)
}

// configure gives the desk the configuration that was named, or, when it has
// none yet, the starter's.
func configure(ctx context.Context, desk *engine.Desk, given *core.Config) error {
	if given == nil {
		if kept, _ := desk.Snapshot().Config(); kept != nil {
			return nil
		}
		starter, err := config.Parse("starter.yaml", config.Starter())
		if err != nil {
			return err
		}
		given = starter
	}
	reply, err := desk.Configure(ctx, 0, given)
	if err == nil && reply.Rejection != nil {
		err = fmt.Errorf("the desk does not take this configuration: %w", reply.Rejection)
	}
	return err
}

// listen answers requests until ctx ends, then lets those under way finish.
func (c *console) listen(ctx context.Context, address string, handler *api.API, log *slog.Logger) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return unreachable(err)
	}
	server := &http.Server{
		Handler: handler, MaxHeaderBytes: headerBytesMax, ReadHeaderTimeout: headerPatience, ReadTimeout: readPatience,
		WriteTimeout: writePatience, IdleTimeout: idlePatience, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	log.Info("listening", "url", "http://"+listener.Addr().String())
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }() // ends with Shutdown or Close below
	select {
	case err := <-stopped:
		return unreachable(err)
	case <-ctx.Done():
	}
	log.Info("stopping: requests under way are finished first")
	handler.Drain()
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		log.Warn("requests were cut off", "error", err)
		return server.Close()
	}
	log.Info("stopped")
	return nil
}

func (c *console) logger(asJSON bool) *slog.Logger {
	if asJSON {
		return slog.New(slog.NewJSONHandler(c.err, nil))
	}
	return slog.New(slog.NewTextHandler(c.err, nil))
}

// observer tells the log what the engine does and an operator wants to know.
func observer(log *slog.Logger) engine.Observer {
	return engine.Observer{
		DeskOpened: func(d engine.DeskOpened) {
			log.Info("desk opened", "desk", d.Desk, "seq", d.Seq, "rows", d.Rows, "took", d.Took)
		},
		Overloaded: func(desk string, commands int) {
			log.Warn("commands turned away", "desk", desk, "commands", commands)
		},
		PartitionFailed: func(p engine.PartitionFailed) {
			log.Error("partition failed: start the daemon again", "partition", p.Partition, "error", p.Err, "stack", string(p.Stack))
		},
	}
}
