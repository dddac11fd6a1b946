// Generated from crds/schemas/nodedataplane.yaml by tools/codegen/crd-types.ts: edit that, then `make codegen`.
// @ts-nocheck
var __getOwnPropNames = Object.getOwnPropertyNames;
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};

// node_modules/ajv/dist/runtime/ucs2length.js
var require_ucs2length = __commonJS({
  "node_modules/ajv/dist/runtime/ucs2length.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    function ucs2length(str) {
      const len = str.length;
      let length = 0;
      let pos = 0;
      let value;
      while (pos < len) {
        length++;
        value = str.charCodeAt(pos++);
        if (value >= 55296 && value <= 56319 && pos < len) {
          value = str.charCodeAt(pos);
          if ((value & 64512) === 56320)
            pos++;
        }
      }
      return length;
    }
    exports.default = ucs2length;
    ucs2length.code = 'require("ajv/dist/runtime/ucs2length").default';
  }
});

// <stdin>
var validate = validate10;
var stdin_default = validate10;
var schema11 = { "type": "object", "required": ["spec"], "properties": { "apiVersion": { "type": "string" }, "kind": { "type": "string" }, "metadata": { "type": "object" }, "spec": { "type": "object", "required": ["mode", "configRef"], "properties": { "mode": { "type": "string", "enum": ["BPF", "Standard"] }, "configRef": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string", "minLength": 1, "maxLength": 253 } } } } }, "status": { "type": "object", "properties": { "observedGeneration": { "type": "integer" }, "mode": { "type": "string", "enum": ["Standard", "Enabling", "BPF", "Draining"] }, "reason": { "type": "string", "maxLength": 64, "pattern": "^([A-Z][A-Za-z0-9]*)?$" }, "message": { "type": "string", "maxLength": 4096 }, "configRef": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string", "maxLength": 253 } } }, "conditions": { "type": "array", "maxItems": 16, "items": { "type": "object", "required": ["type", "status", "lastTransitionTime", "reason", "message"], "properties": { "type": { "type": "string", "maxLength": 64, "pattern": "^[A-Z][A-Za-z0-9]*$" }, "status": { "type": "string", "enum": ["True", "False", "Unknown"] }, "observedGeneration": { "type": "integer" }, "lastTransitionTime": { "type": "string" }, "reason": { "type": "string", "maxLength": 64, "pattern": "^[A-Z][A-Za-z0-9]*$" }, "message": { "type": "string", "maxLength": 4096 } } } }, "kernel": { "type": "string", "maxLength": 256 }, "features": { "type": "object", "maxProperties": 64, "additionalProperties": { "type": "boolean" } }, "drain": { "type": "object", "properties": { "flows": { "type": "integer" } } }, "kubeProxy": { "type": "object", "properties": { "state": { "type": "string", "enum": ["Running", "Parked", "Absent", "Unmanaged"] }, "leftovers": { "type": "array", "maxItems": 10, "items": { "type": "string", "maxLength": 256 } } } }, "versions": { "type": "object", "properties": { "agent": { "type": "string", "maxLength": 64 }, "layout": { "type": "integer" } } } } } } };
var func2 = require_ucs2length().default;
var pattern0 = new RegExp("^([A-Z][A-Za-z0-9]*)?$", "u");
var pattern1 = new RegExp("^[A-Z][A-Za-z0-9]*$", "u");
function validate10(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.spec === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "spec" }, message: "must have required property 'spec'" };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.apiVersion !== void 0) {
      if (typeof data.apiVersion !== "string") {
        const err1 = { instancePath: instancePath + "/apiVersion", schemaPath: "#/properties/apiVersion/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.kind !== void 0) {
      if (typeof data.kind !== "string") {
        const err2 = { instancePath: instancePath + "/kind", schemaPath: "#/properties/kind/type", keyword: "type", params: { type: "string" }, message: "must be string" };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.metadata !== void 0) {
      let data2 = data.metadata;
      if (!(data2 && typeof data2 == "object" && !Array.isArray(data2))) {
        const err3 = { instancePath: instancePath + "/metadata", schemaPath: "#/properties/metadata/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.spec !== void 0) {
      let data3 = data.spec;
      if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
        if (data3.mode === void 0) {
          const err4 = { instancePath: instancePath + "/spec", schemaPath: "#/properties/spec/required", keyword: "required", params: { missingProperty: "mode" }, message: "must have required property 'mode'" };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
        if (data3.configRef === void 0) {
          const err5 = { instancePath: instancePath + "/spec", schemaPath: "#/properties/spec/required", keyword: "required", params: { missingProperty: "configRef" }, message: "must have required property 'configRef'" };
          if (vErrors === null) {
            vErrors = [err5];
          } else {
            vErrors.push(err5);
          }
          errors++;
        }
        if (data3.mode !== void 0) {
          let data4 = data3.mode;
          if (typeof data4 !== "string") {
            const err6 = { instancePath: instancePath + "/spec/mode", schemaPath: "#/properties/spec/properties/mode/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          }
          if (!(data4 === "BPF" || data4 === "Standard")) {
            const err7 = { instancePath: instancePath + "/spec/mode", schemaPath: "#/properties/spec/properties/mode/enum", keyword: "enum", params: { allowedValues: schema11.properties.spec.properties.mode.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err7];
            } else {
              vErrors.push(err7);
            }
            errors++;
          }
        }
        if (data3.configRef !== void 0) {
          let data5 = data3.configRef;
          if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
            if (data5.name === void 0) {
              const err8 = { instancePath: instancePath + "/spec/configRef", schemaPath: "#/properties/spec/properties/configRef/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'" };
              if (vErrors === null) {
                vErrors = [err8];
              } else {
                vErrors.push(err8);
              }
              errors++;
            }
            if (data5.name !== void 0) {
              let data6 = data5.name;
              if (typeof data6 === "string") {
                if (func2(data6) > 253) {
                  const err9 = { instancePath: instancePath + "/spec/configRef/name", schemaPath: "#/properties/spec/properties/configRef/properties/name/maxLength", keyword: "maxLength", params: { limit: 253 }, message: "must NOT have more than 253 characters" };
                  if (vErrors === null) {
                    vErrors = [err9];
                  } else {
                    vErrors.push(err9);
                  }
                  errors++;
                }
                if (func2(data6) < 1) {
                  const err10 = { instancePath: instancePath + "/spec/configRef/name", schemaPath: "#/properties/spec/properties/configRef/properties/name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" };
                  if (vErrors === null) {
                    vErrors = [err10];
                  } else {
                    vErrors.push(err10);
                  }
                  errors++;
                }
              } else {
                const err11 = { instancePath: instancePath + "/spec/configRef/name", schemaPath: "#/properties/spec/properties/configRef/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err11];
                } else {
                  vErrors.push(err11);
                }
                errors++;
              }
            }
          } else {
            const err12 = { instancePath: instancePath + "/spec/configRef", schemaPath: "#/properties/spec/properties/configRef/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
        }
      } else {
        const err13 = { instancePath: instancePath + "/spec", schemaPath: "#/properties/spec/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err13];
        } else {
          vErrors.push(err13);
        }
        errors++;
      }
    }
    if (data.status !== void 0) {
      let data7 = data.status;
      if (data7 && typeof data7 == "object" && !Array.isArray(data7)) {
        if (data7.observedGeneration !== void 0) {
          let data8 = data7.observedGeneration;
          if (!(typeof data8 == "number" && (!(data8 % 1) && !isNaN(data8)))) {
            const err14 = { instancePath: instancePath + "/status/observedGeneration", schemaPath: "#/properties/status/properties/observedGeneration/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
            if (vErrors === null) {
              vErrors = [err14];
            } else {
              vErrors.push(err14);
            }
            errors++;
          }
        }
        if (data7.mode !== void 0) {
          let data9 = data7.mode;
          if (typeof data9 !== "string") {
            const err15 = { instancePath: instancePath + "/status/mode", schemaPath: "#/properties/status/properties/mode/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err15];
            } else {
              vErrors.push(err15);
            }
            errors++;
          }
          if (!(data9 === "Standard" || data9 === "Enabling" || data9 === "BPF" || data9 === "Draining")) {
            const err16 = { instancePath: instancePath + "/status/mode", schemaPath: "#/properties/status/properties/mode/enum", keyword: "enum", params: { allowedValues: schema11.properties.status.properties.mode.enum }, message: "must be equal to one of the allowed values" };
            if (vErrors === null) {
              vErrors = [err16];
            } else {
              vErrors.push(err16);
            }
            errors++;
          }
        }
        if (data7.reason !== void 0) {
          let data10 = data7.reason;
          if (typeof data10 === "string") {
            if (func2(data10) > 64) {
              const err17 = { instancePath: instancePath + "/status/reason", schemaPath: "#/properties/status/properties/reason/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters" };
              if (vErrors === null) {
                vErrors = [err17];
              } else {
                vErrors.push(err17);
              }
              errors++;
            }
            if (!pattern0.test(data10)) {
              const err18 = { instancePath: instancePath + "/status/reason", schemaPath: "#/properties/status/properties/reason/pattern", keyword: "pattern", params: { pattern: "^([A-Z][A-Za-z0-9]*)?$" }, message: 'must match pattern "^([A-Z][A-Za-z0-9]*)?$"' };
              if (vErrors === null) {
                vErrors = [err18];
              } else {
                vErrors.push(err18);
              }
              errors++;
            }
          } else {
            const err19 = { instancePath: instancePath + "/status/reason", schemaPath: "#/properties/status/properties/reason/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err19];
            } else {
              vErrors.push(err19);
            }
            errors++;
          }
        }
        if (data7.message !== void 0) {
          let data11 = data7.message;
          if (typeof data11 === "string") {
            if (func2(data11) > 4096) {
              const err20 = { instancePath: instancePath + "/status/message", schemaPath: "#/properties/status/properties/message/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters" };
              if (vErrors === null) {
                vErrors = [err20];
              } else {
                vErrors.push(err20);
              }
              errors++;
            }
          } else {
            const err21 = { instancePath: instancePath + "/status/message", schemaPath: "#/properties/status/properties/message/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err21];
            } else {
              vErrors.push(err21);
            }
            errors++;
          }
        }
        if (data7.configRef !== void 0) {
          let data12 = data7.configRef;
          if (data12 && typeof data12 == "object" && !Array.isArray(data12)) {
            if (data12.name === void 0) {
              const err22 = { instancePath: instancePath + "/status/configRef", schemaPath: "#/properties/status/properties/configRef/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'" };
              if (vErrors === null) {
                vErrors = [err22];
              } else {
                vErrors.push(err22);
              }
              errors++;
            }
            if (data12.name !== void 0) {
              let data13 = data12.name;
              if (typeof data13 === "string") {
                if (func2(data13) > 253) {
                  const err23 = { instancePath: instancePath + "/status/configRef/name", schemaPath: "#/properties/status/properties/configRef/properties/name/maxLength", keyword: "maxLength", params: { limit: 253 }, message: "must NOT have more than 253 characters" };
                  if (vErrors === null) {
                    vErrors = [err23];
                  } else {
                    vErrors.push(err23);
                  }
                  errors++;
                }
              } else {
                const err24 = { instancePath: instancePath + "/status/configRef/name", schemaPath: "#/properties/status/properties/configRef/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err24];
                } else {
                  vErrors.push(err24);
                }
                errors++;
              }
            }
          } else {
            const err25 = { instancePath: instancePath + "/status/configRef", schemaPath: "#/properties/status/properties/configRef/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err25];
            } else {
              vErrors.push(err25);
            }
            errors++;
          }
        }
        if (data7.conditions !== void 0) {
          let data14 = data7.conditions;
          if (Array.isArray(data14)) {
            if (data14.length > 16) {
              const err26 = { instancePath: instancePath + "/status/conditions", schemaPath: "#/properties/status/properties/conditions/maxItems", keyword: "maxItems", params: { limit: 16 }, message: "must NOT have more than 16 items" };
              if (vErrors === null) {
                vErrors = [err26];
              } else {
                vErrors.push(err26);
              }
              errors++;
            }
            const len0 = data14.length;
            for (let i0 = 0; i0 < len0; i0++) {
              let data15 = data14[i0];
              if (data15 && typeof data15 == "object" && !Array.isArray(data15)) {
                if (data15.type === void 0) {
                  const err27 = { instancePath: instancePath + "/status/conditions/" + i0, schemaPath: "#/properties/status/properties/conditions/items/required", keyword: "required", params: { missingProperty: "type" }, message: "must have required property 'type'" };
                  if (vErrors === null) {
                    vErrors = [err27];
                  } else {
                    vErrors.push(err27);
                  }
                  errors++;
                }
                if (data15.status === void 0) {
                  const err28 = { instancePath: instancePath + "/status/conditions/" + i0, schemaPath: "#/properties/status/properties/conditions/items/required", keyword: "required", params: { missingProperty: "status" }, message: "must have required property 'status'" };
                  if (vErrors === null) {
                    vErrors = [err28];
                  } else {
                    vErrors.push(err28);
                  }
                  errors++;
                }
                if (data15.lastTransitionTime === void 0) {
                  const err29 = { instancePath: instancePath + "/status/conditions/" + i0, schemaPath: "#/properties/status/properties/conditions/items/required", keyword: "required", params: { missingProperty: "lastTransitionTime" }, message: "must have required property 'lastTransitionTime'" };
                  if (vErrors === null) {
                    vErrors = [err29];
                  } else {
                    vErrors.push(err29);
                  }
                  errors++;
                }
                if (data15.reason === void 0) {
                  const err30 = { instancePath: instancePath + "/status/conditions/" + i0, schemaPath: "#/properties/status/properties/conditions/items/required", keyword: "required", params: { missingProperty: "reason" }, message: "must have required property 'reason'" };
                  if (vErrors === null) {
                    vErrors = [err30];
                  } else {
                    vErrors.push(err30);
                  }
                  errors++;
                }
                if (data15.message === void 0) {
                  const err31 = { instancePath: instancePath + "/status/conditions/" + i0, schemaPath: "#/properties/status/properties/conditions/items/required", keyword: "required", params: { missingProperty: "message" }, message: "must have required property 'message'" };
                  if (vErrors === null) {
                    vErrors = [err31];
                  } else {
                    vErrors.push(err31);
                  }
                  errors++;
                }
                if (data15.type !== void 0) {
                  let data16 = data15.type;
                  if (typeof data16 === "string") {
                    if (func2(data16) > 64) {
                      const err32 = { instancePath: instancePath + "/status/conditions/" + i0 + "/type", schemaPath: "#/properties/status/properties/conditions/items/properties/type/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters" };
                      if (vErrors === null) {
                        vErrors = [err32];
                      } else {
                        vErrors.push(err32);
                      }
                      errors++;
                    }
                    if (!pattern1.test(data16)) {
                      const err33 = { instancePath: instancePath + "/status/conditions/" + i0 + "/type", schemaPath: "#/properties/status/properties/conditions/items/properties/type/pattern", keyword: "pattern", params: { pattern: "^[A-Z][A-Za-z0-9]*$" }, message: 'must match pattern "^[A-Z][A-Za-z0-9]*$"' };
                      if (vErrors === null) {
                        vErrors = [err33];
                      } else {
                        vErrors.push(err33);
                      }
                      errors++;
                    }
                  } else {
                    const err34 = { instancePath: instancePath + "/status/conditions/" + i0 + "/type", schemaPath: "#/properties/status/properties/conditions/items/properties/type/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err34];
                    } else {
                      vErrors.push(err34);
                    }
                    errors++;
                  }
                }
                if (data15.status !== void 0) {
                  let data17 = data15.status;
                  if (typeof data17 !== "string") {
                    const err35 = { instancePath: instancePath + "/status/conditions/" + i0 + "/status", schemaPath: "#/properties/status/properties/conditions/items/properties/status/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err35];
                    } else {
                      vErrors.push(err35);
                    }
                    errors++;
                  }
                  if (!(data17 === "True" || data17 === "False" || data17 === "Unknown")) {
                    const err36 = { instancePath: instancePath + "/status/conditions/" + i0 + "/status", schemaPath: "#/properties/status/properties/conditions/items/properties/status/enum", keyword: "enum", params: { allowedValues: schema11.properties.status.properties.conditions.items.properties.status.enum }, message: "must be equal to one of the allowed values" };
                    if (vErrors === null) {
                      vErrors = [err36];
                    } else {
                      vErrors.push(err36);
                    }
                    errors++;
                  }
                }
                if (data15.observedGeneration !== void 0) {
                  let data18 = data15.observedGeneration;
                  if (!(typeof data18 == "number" && (!(data18 % 1) && !isNaN(data18)))) {
                    const err37 = { instancePath: instancePath + "/status/conditions/" + i0 + "/observedGeneration", schemaPath: "#/properties/status/properties/conditions/items/properties/observedGeneration/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                    if (vErrors === null) {
                      vErrors = [err37];
                    } else {
                      vErrors.push(err37);
                    }
                    errors++;
                  }
                }
                if (data15.lastTransitionTime !== void 0) {
                  if (typeof data15.lastTransitionTime !== "string") {
                    const err38 = { instancePath: instancePath + "/status/conditions/" + i0 + "/lastTransitionTime", schemaPath: "#/properties/status/properties/conditions/items/properties/lastTransitionTime/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err38];
                    } else {
                      vErrors.push(err38);
                    }
                    errors++;
                  }
                }
                if (data15.reason !== void 0) {
                  let data20 = data15.reason;
                  if (typeof data20 === "string") {
                    if (func2(data20) > 64) {
                      const err39 = { instancePath: instancePath + "/status/conditions/" + i0 + "/reason", schemaPath: "#/properties/status/properties/conditions/items/properties/reason/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters" };
                      if (vErrors === null) {
                        vErrors = [err39];
                      } else {
                        vErrors.push(err39);
                      }
                      errors++;
                    }
                    if (!pattern1.test(data20)) {
                      const err40 = { instancePath: instancePath + "/status/conditions/" + i0 + "/reason", schemaPath: "#/properties/status/properties/conditions/items/properties/reason/pattern", keyword: "pattern", params: { pattern: "^[A-Z][A-Za-z0-9]*$" }, message: 'must match pattern "^[A-Z][A-Za-z0-9]*$"' };
                      if (vErrors === null) {
                        vErrors = [err40];
                      } else {
                        vErrors.push(err40);
                      }
                      errors++;
                    }
                  } else {
                    const err41 = { instancePath: instancePath + "/status/conditions/" + i0 + "/reason", schemaPath: "#/properties/status/properties/conditions/items/properties/reason/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err41];
                    } else {
                      vErrors.push(err41);
                    }
                    errors++;
                  }
                }
                if (data15.message !== void 0) {
                  let data21 = data15.message;
                  if (typeof data21 === "string") {
                    if (func2(data21) > 4096) {
                      const err42 = { instancePath: instancePath + "/status/conditions/" + i0 + "/message", schemaPath: "#/properties/status/properties/conditions/items/properties/message/maxLength", keyword: "maxLength", params: { limit: 4096 }, message: "must NOT have more than 4096 characters" };
                      if (vErrors === null) {
                        vErrors = [err42];
                      } else {
                        vErrors.push(err42);
                      }
                      errors++;
                    }
                  } else {
                    const err43 = { instancePath: instancePath + "/status/conditions/" + i0 + "/message", schemaPath: "#/properties/status/properties/conditions/items/properties/message/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err43];
                    } else {
                      vErrors.push(err43);
                    }
                    errors++;
                  }
                }
              } else {
                const err44 = { instancePath: instancePath + "/status/conditions/" + i0, schemaPath: "#/properties/status/properties/conditions/items/type", keyword: "type", params: { type: "object" }, message: "must be object" };
                if (vErrors === null) {
                  vErrors = [err44];
                } else {
                  vErrors.push(err44);
                }
                errors++;
              }
            }
          } else {
            const err45 = { instancePath: instancePath + "/status/conditions", schemaPath: "#/properties/status/properties/conditions/type", keyword: "type", params: { type: "array" }, message: "must be array" };
            if (vErrors === null) {
              vErrors = [err45];
            } else {
              vErrors.push(err45);
            }
            errors++;
          }
        }
        if (data7.kernel !== void 0) {
          let data22 = data7.kernel;
          if (typeof data22 === "string") {
            if (func2(data22) > 256) {
              const err46 = { instancePath: instancePath + "/status/kernel", schemaPath: "#/properties/status/properties/kernel/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters" };
              if (vErrors === null) {
                vErrors = [err46];
              } else {
                vErrors.push(err46);
              }
              errors++;
            }
          } else {
            const err47 = { instancePath: instancePath + "/status/kernel", schemaPath: "#/properties/status/properties/kernel/type", keyword: "type", params: { type: "string" }, message: "must be string" };
            if (vErrors === null) {
              vErrors = [err47];
            } else {
              vErrors.push(err47);
            }
            errors++;
          }
        }
        if (data7.features !== void 0) {
          let data23 = data7.features;
          if (data23 && typeof data23 == "object" && !Array.isArray(data23)) {
            if (Object.keys(data23).length > 64) {
              const err48 = { instancePath: instancePath + "/status/features", schemaPath: "#/properties/status/properties/features/maxProperties", keyword: "maxProperties", params: { limit: 64 }, message: "must NOT have more than 64 properties" };
              if (vErrors === null) {
                vErrors = [err48];
              } else {
                vErrors.push(err48);
              }
              errors++;
            }
            for (const key0 in data23) {
              if (typeof data23[key0] !== "boolean") {
                const err49 = { instancePath: instancePath + "/status/features/" + key0.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/status/properties/features/additionalProperties/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean" };
                if (vErrors === null) {
                  vErrors = [err49];
                } else {
                  vErrors.push(err49);
                }
                errors++;
              }
            }
          } else {
            const err50 = { instancePath: instancePath + "/status/features", schemaPath: "#/properties/status/properties/features/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err50];
            } else {
              vErrors.push(err50);
            }
            errors++;
          }
        }
        if (data7.drain !== void 0) {
          let data25 = data7.drain;
          if (data25 && typeof data25 == "object" && !Array.isArray(data25)) {
            if (data25.flows !== void 0) {
              let data26 = data25.flows;
              if (!(typeof data26 == "number" && (!(data26 % 1) && !isNaN(data26)))) {
                const err51 = { instancePath: instancePath + "/status/drain/flows", schemaPath: "#/properties/status/properties/drain/properties/flows/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err51];
                } else {
                  vErrors.push(err51);
                }
                errors++;
              }
            }
          } else {
            const err52 = { instancePath: instancePath + "/status/drain", schemaPath: "#/properties/status/properties/drain/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err52];
            } else {
              vErrors.push(err52);
            }
            errors++;
          }
        }
        if (data7.kubeProxy !== void 0) {
          let data27 = data7.kubeProxy;
          if (data27 && typeof data27 == "object" && !Array.isArray(data27)) {
            if (data27.state !== void 0) {
              let data28 = data27.state;
              if (typeof data28 !== "string") {
                const err53 = { instancePath: instancePath + "/status/kubeProxy/state", schemaPath: "#/properties/status/properties/kubeProxy/properties/state/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err53];
                } else {
                  vErrors.push(err53);
                }
                errors++;
              }
              if (!(data28 === "Running" || data28 === "Parked" || data28 === "Absent" || data28 === "Unmanaged")) {
                const err54 = { instancePath: instancePath + "/status/kubeProxy/state", schemaPath: "#/properties/status/properties/kubeProxy/properties/state/enum", keyword: "enum", params: { allowedValues: schema11.properties.status.properties.kubeProxy.properties.state.enum }, message: "must be equal to one of the allowed values" };
                if (vErrors === null) {
                  vErrors = [err54];
                } else {
                  vErrors.push(err54);
                }
                errors++;
              }
            }
            if (data27.leftovers !== void 0) {
              let data29 = data27.leftovers;
              if (Array.isArray(data29)) {
                if (data29.length > 10) {
                  const err55 = { instancePath: instancePath + "/status/kubeProxy/leftovers", schemaPath: "#/properties/status/properties/kubeProxy/properties/leftovers/maxItems", keyword: "maxItems", params: { limit: 10 }, message: "must NOT have more than 10 items" };
                  if (vErrors === null) {
                    vErrors = [err55];
                  } else {
                    vErrors.push(err55);
                  }
                  errors++;
                }
                const len1 = data29.length;
                for (let i1 = 0; i1 < len1; i1++) {
                  let data30 = data29[i1];
                  if (typeof data30 === "string") {
                    if (func2(data30) > 256) {
                      const err56 = { instancePath: instancePath + "/status/kubeProxy/leftovers/" + i1, schemaPath: "#/properties/status/properties/kubeProxy/properties/leftovers/items/maxLength", keyword: "maxLength", params: { limit: 256 }, message: "must NOT have more than 256 characters" };
                      if (vErrors === null) {
                        vErrors = [err56];
                      } else {
                        vErrors.push(err56);
                      }
                      errors++;
                    }
                  } else {
                    const err57 = { instancePath: instancePath + "/status/kubeProxy/leftovers/" + i1, schemaPath: "#/properties/status/properties/kubeProxy/properties/leftovers/items/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                    if (vErrors === null) {
                      vErrors = [err57];
                    } else {
                      vErrors.push(err57);
                    }
                    errors++;
                  }
                }
              } else {
                const err58 = { instancePath: instancePath + "/status/kubeProxy/leftovers", schemaPath: "#/properties/status/properties/kubeProxy/properties/leftovers/type", keyword: "type", params: { type: "array" }, message: "must be array" };
                if (vErrors === null) {
                  vErrors = [err58];
                } else {
                  vErrors.push(err58);
                }
                errors++;
              }
            }
          } else {
            const err59 = { instancePath: instancePath + "/status/kubeProxy", schemaPath: "#/properties/status/properties/kubeProxy/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err59];
            } else {
              vErrors.push(err59);
            }
            errors++;
          }
        }
        if (data7.versions !== void 0) {
          let data31 = data7.versions;
          if (data31 && typeof data31 == "object" && !Array.isArray(data31)) {
            if (data31.agent !== void 0) {
              let data32 = data31.agent;
              if (typeof data32 === "string") {
                if (func2(data32) > 64) {
                  const err60 = { instancePath: instancePath + "/status/versions/agent", schemaPath: "#/properties/status/properties/versions/properties/agent/maxLength", keyword: "maxLength", params: { limit: 64 }, message: "must NOT have more than 64 characters" };
                  if (vErrors === null) {
                    vErrors = [err60];
                  } else {
                    vErrors.push(err60);
                  }
                  errors++;
                }
              } else {
                const err61 = { instancePath: instancePath + "/status/versions/agent", schemaPath: "#/properties/status/properties/versions/properties/agent/type", keyword: "type", params: { type: "string" }, message: "must be string" };
                if (vErrors === null) {
                  vErrors = [err61];
                } else {
                  vErrors.push(err61);
                }
                errors++;
              }
            }
            if (data31.layout !== void 0) {
              let data33 = data31.layout;
              if (!(typeof data33 == "number" && (!(data33 % 1) && !isNaN(data33)))) {
                const err62 = { instancePath: instancePath + "/status/versions/layout", schemaPath: "#/properties/status/properties/versions/properties/layout/type", keyword: "type", params: { type: "integer" }, message: "must be integer" };
                if (vErrors === null) {
                  vErrors = [err62];
                } else {
                  vErrors.push(err62);
                }
                errors++;
              }
            }
          } else {
            const err63 = { instancePath: instancePath + "/status/versions", schemaPath: "#/properties/status/properties/versions/type", keyword: "type", params: { type: "object" }, message: "must be object" };
            if (vErrors === null) {
              vErrors = [err63];
            } else {
              vErrors.push(err63);
            }
            errors++;
          }
        }
      } else {
        const err64 = { instancePath: instancePath + "/status", schemaPath: "#/properties/status/type", keyword: "type", params: { type: "object" }, message: "must be object" };
        if (vErrors === null) {
          vErrors = [err64];
        } else {
          vErrors.push(err64);
        }
        errors++;
      }
    }
  } else {
    const err65 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" };
    if (vErrors === null) {
      vErrors = [err65];
    } else {
      vErrors.push(err65);
    }
    errors++;
  }
  validate10.errors = vErrors;
  return errors === 0;
}
export {
  stdin_default as default,
  validate
};
