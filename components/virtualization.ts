import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { namespacedName } from "../model/arguments";
import {
  IMAGES,
  ImagesArgs as ImagesSchema,
  planImages,
  planVirtualization,
  tokens,
  VIRTUALIZATION,
  VirtualizationArgs as VirtualizationSchema,
} from "../planning";
import { checkedArgs, PlannedComponent } from "./component";

/** Arguments of `Virtualization`. */
export type VirtualizationArgs = z.input<typeof VirtualizationSchema>;

/** OpenShift Virtualization, sizes of machines and how they migrate. */
export class Virtualization extends PlannedComponent {
  /** Names of the instance types. */
  readonly instanceTypes: string[];

  constructor(name: string, args: VirtualizationArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(VirtualizationSchema, args, tokens.virtualization, name);
    super(tokens.virtualization, name, VIRTUALIZATION, planVirtualization(checked), options);
    this.instanceTypes = checked.instanceTypes.map((type) => type.name).sort();
    this.finish({ instanceTypes: this.instanceTypes });
  }
}

/** Arguments of `Images`. */
export type ImagesArgs = z.input<typeof ImagesSchema>;

/** Volumes that are filled once, from images. */
export class Images extends PlannedComponent {
  /** The volumes as `namespace/name`. */
  readonly images: string[];

  constructor(name: string, args: ImagesArgs, options?: pulumi.ComponentResourceOptions) {
    const checked = checkedArgs(ImagesSchema, args, tokens.images, name);
    super(tokens.images, name, IMAGES, planImages(checked), options);
    this.images = checked.images.map(namespacedName).sort();
    this.finish({ images: this.images });
  }
}
