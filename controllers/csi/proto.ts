// The part of the Container Storage Interface (v1) that provisioning needs. Field numbers are those of the specification.
export const csiProto = `
syntax = "proto3";
package csi.v1;

service Identity {
  rpc GetPluginInfo(GetPluginInfoRequest) returns (GetPluginInfoResponse) {}
  rpc Probe(ProbeRequest) returns (ProbeResponse) {}
}
service Controller {
  rpc CreateVolume(CreateVolumeRequest) returns (CreateVolumeResponse) {}
  rpc DeleteVolume(DeleteVolumeRequest) returns (DeleteVolumeResponse) {}
  rpc ControllerExpandVolume(ControllerExpandVolumeRequest) returns (ControllerExpandVolumeResponse) {}
}

message GetPluginInfoRequest {}
message GetPluginInfoResponse { string name = 1; string vendor_version = 2; map<string, string> manifest = 3; }
message ProbeRequest {}
message ProbeResponse {}

message CapacityRange { int64 required_bytes = 1; int64 limit_bytes = 2; }
message Topology { map<string, string> segments = 1; }
message TopologyRequirement { repeated Topology requisite = 1; repeated Topology preferred = 2; }
message VolumeCapability {
  message BlockVolume {}
  message MountVolume { string fs_type = 1; repeated string mount_flags = 2; string volume_mount_group = 3; }
  message AccessMode {
    enum Mode {
      UNKNOWN = 0; SINGLE_NODE_WRITER = 1; SINGLE_NODE_READER_ONLY = 2; MULTI_NODE_READER_ONLY = 3;
      MULTI_NODE_SINGLE_WRITER = 4; MULTI_NODE_MULTI_WRITER = 5; SINGLE_NODE_SINGLE_WRITER = 6; SINGLE_NODE_MULTI_WRITER = 7;
    }
    Mode mode = 1;
  }
  oneof access_type { BlockVolume block = 1; MountVolume mount = 2; }
  AccessMode access_mode = 3;
}
message Volume {
  int64 capacity_bytes = 1; string volume_id = 2; map<string, string> volume_context = 3;
  repeated Topology accessible_topology = 5;
}
message CreateVolumeRequest {
  string name = 1; CapacityRange capacity_range = 2; repeated VolumeCapability volume_capabilities = 3;
  map<string, string> parameters = 4; map<string, string> secrets = 5; TopologyRequirement accessibility_requirements = 7;
}
message CreateVolumeResponse { Volume volume = 1; }
message DeleteVolumeRequest { string volume_id = 1; map<string, string> secrets = 2; }
message DeleteVolumeResponse {}
message ControllerExpandVolumeRequest {
  string volume_id = 1; CapacityRange capacity_range = 2; map<string, string> secrets = 3; VolumeCapability volume_capability = 4;
}
message ControllerExpandVolumeResponse { int64 capacity_bytes = 1; bool node_expansion_required = 2; }
`
