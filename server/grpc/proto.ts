// kubemock.v1.Simulator, as a proto file.
export const simulatorProto = `
syntax = "proto3";
package kubemock.v1;

// Controls the simulated cluster.
service Simulator {
  // Back to the cluster of the first moment.
  rpc Reset(ResetRequest) returns (ResetResponse);
  // Answers when nothing is left to do at this instant.
  rpc Settle(SettleRequest) returns (SettleResponse);
  // Moves the clock on; everything due meanwhile happens, in order.
  rpc AdvanceClock(AdvanceClockRequest) returns (AdvanceClockResponse);
  // Forgets all history: watches and pages from older versions are answered 410.
  rpc Compact(CompactRequest) returns (CompactResponse);
  // Cuts a node off: no heartbeat, no status.
  rpc FailNode(FailNodeRequest) returns (FailNodeResponse);
  rpc RecoverNode(RecoverNodeRequest) returns (RecoverNodeResponse);
  // Ends a pod's containers with an error: phase Failed.
  rpc FailPod(FailPodRequest) returns (FailPodResponse);
}

message ResetRequest {}
message ResetResponse { string now = 1; }
message SettleRequest {}
message SettleResponse { string now = 1; }
// duration: as Go writes them, for instance 1h30m.
message AdvanceClockRequest { string duration = 1; }
// now: RFC 3339.
message AdvanceClockResponse { string now = 1; }
message CompactRequest {}
message CompactResponse {}
message FailNodeRequest { string name = 1; }
message FailNodeResponse {}
message RecoverNodeRequest { string name = 1; }
message RecoverNodeResponse {}
message FailPodRequest { string namespace = 1; string name = 2; }
message FailPodResponse {}
`
