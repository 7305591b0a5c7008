/* eslint-disable */
export default async () => {
    return { "@nestjs/swagger": { "models": [], "controllers": [] } };
};
